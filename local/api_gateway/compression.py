"""Content encoding as API Gateway applies it when the API has a minimum compression size."""

import gzip
import zlib
from dataclasses import replace

from local.http import Answer, Request

_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
"""zlib's parameter for each coding."""


def compressed(answer: Answer, accept_encoding: str | None, minimum: int | None) -> Answer:
    """Return the response, gzipped if it has at least `minimum` bytes and the client accepts that; None disables it."""
    names = {name.lower() for name, _ in answer.headers}
    if minimum is None or len(answer.body) < minimum or "content-encoding" in names:
        return answer
    if not _takes_gzip(accept_encoding or ""):
        return answer
    headers = (*answer.headers, ("Content-Encoding", "gzip"))
    return Answer(answer.status, headers, gzip.compress(answer.body, compresslevel=6, mtime=0))


def decompressed(request: Request, minimum: int | None, most: int) -> Request:
    """Return the request with its body decoded, as API Gateway does if the API uses compression.

    Of a body that is longer than `most` bytes, one byte more than that is decoded. A body that is
    not encoded as its header says stays as it is: the function refuses it.
    """
    window = _WINDOWS.get((request.header("Content-Encoding") or "").strip().lower())
    if minimum is None or window is None or not request.body:
        return request
    decoder = zlib.decompressobj(window)
    try:
        body = decoder.decompress(request.body, most + 1)
    except zlib.error:
        return request
    is_whole = decoder.eof or len(body) > most
    return replace(request, body=body) if is_whole else request


def _takes_gzip(accept_encoding: str) -> bool:
    for choice in accept_encoding.lower().split(","):
        coding, _, quality = choice.replace(" ", "").partition(";")
        if coding == "gzip":
            return quality not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
