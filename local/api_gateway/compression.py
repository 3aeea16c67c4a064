"""Content encoding as API Gateway applies it when the API has a minimum compression size."""

import gzip

from local.http import Answer


def compressed(answer: Answer, accept_encoding: str | None, minimum: int | None) -> Answer:
    """Return the response, gzipped if it has at least `minimum` bytes and the client accepts that; None disables it."""
    names = {name.lower() for name, _ in answer.headers}
    if minimum is None or len(answer.body) < minimum or "content-encoding" in names:
        return answer
    if not _takes_gzip(accept_encoding or ""):
        return answer
    headers = (*answer.headers, ("Content-Encoding", "gzip"))
    return Answer(answer.status, headers, gzip.compress(answer.body, compresslevel=6, mtime=0))


def _takes_gzip(accept_encoding: str) -> bool:
    for choice in accept_encoding.lower().split(","):
        coding, _, quality = choice.replace(" ", "").partition(";")
        if coding == "gzip":
            return quality not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
