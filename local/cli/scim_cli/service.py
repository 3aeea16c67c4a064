"""The service over HTTP, with a token: what commands about jobs, imports and exports talk to."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import click

from scim_cli.output import Format, output_options
from scim_cli.run_here import TOKEN, address

_TIMEOUT = 60
_PIECE = 1 << 16
_PARTIAL, _NOTHING_LEFT = 206, 416


class Moved(Protocol):
    """Is told how many bytes have been moved by now."""

    def __call__(self, number: int) -> None: ...


class Refused(click.ClickException):
    """What the service answers instead of what was asked for."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Service:
    """One tenant's service: `url` ends in `/scim/v2`; a local one keeps its files itself.

    `format` is the form of what the command answers.
    """

    url: str
    token: str
    is_local: bool = False
    format: Format = Format.TABLE

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return the JSON that a request below the URL is answered with."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/scim+json",
            "Content-Length": str(len(content)),
        }
        with _answered(self.url + path, method, headers, content) as answer:
            text = answer.read()
            if answer.status >= 400:
                raise Refused(answer.status, _detail_in(text))
        found: dict[str, Any] = json.loads(text) if text else {}
        return found

    def upload(self, link: Mapping[str, Any], file: Path, moved: Moved) -> None:
        """Put a file where a job says."""
        url, headers = self._place(str(link["$ref"]))
        headers["Content-Length"] = str(file.stat().st_size)
        with (
            file.open("rb") as content,
            _answered(url, "PUT", headers, _pieces(content.read, moved)) as answer,
        ):
            text = answer.read()
            if answer.status >= 400:
                raise click.ClickException(f"The upload was refused: {answer.status} {text!r}")

    def download(self, link: Mapping[str, Any], file: Path, moved: Moved) -> None:
        """Get a file from where a job says; what of it is there already is not fetched again."""
        url, headers = self._place(str(link["$ref"]))
        begun = file.stat().st_size if file.exists() else 0
        if begun:
            headers["Range"] = f"bytes={begun}-"
        with _answered(url, "GET", headers, b"") as answer:
            if begun and answer.status == _NOTHING_LEFT:
                return
            if answer.status >= 400:
                raise click.ClickException(f"The download was refused: {answer.status}")
            mode = "ab" if answer.status == _PARTIAL else "wb"
            with file.open(mode) as content:
                for piece in _pieces(answer.read, moved, begun if mode == "ab" else 0):
                    content.write(piece)

    def _place(self, url: str) -> tuple[str, dict[str, str]]:
        if not self.is_local:
            return url, {}
        # What is S3's on AWS is behind the local gateway's own address here.
        parts = urlsplit(url)
        local = urlsplit(self.url)
        return f"{local.scheme}://{local.netloc}{parts.path}?{parts.query}", {"Host": parts.netloc}


def serviced(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a tenant's service, and the service.

    The secret comes from the environment or a file: what is typed is seen by others.
    """

    @click.option("--url", envvar="SCIM_URL", help="The base URL, up to /scim/v2 (SCIM_URL).")
    @click.option(
        "--token-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Holds the token; else it is in SCIM_TOKEN.",
    )
    @click.option("--local", "is_local", is_flag=True, help="What `make run` runs here.")
    @output_options
    @wraps(command)
    def call(
        *args: Any,
        url: str | None,
        token_file: Path | None,
        is_local: bool,
        form: Format,
        **options: Any,
    ) -> None:
        given = os.environ.get("SCIM_TOKEN", "")
        token = token_file.read_text("utf-8").strip() if token_file else given
        if is_local:
            url = url or f"http://{address()}/scim/v2"
            token = token or TOKEN
        elif not url or not token:
            raise click.UsageError("Say --url (or SCIM_URL) and --token-file (or SCIM_TOKEN).")
        service = Service(url.rstrip("/"), token, is_local=is_local, format=form)
        try:
            command(service, *args, **options)
        except (OSError, HTTPException) as error:
            raise click.ClickException(f"{type(error).__name__}: {error}") from error

    return call


@contextmanager
def _answered(
    url: str, method: str, headers: Mapping[str, str], body: bytes | Iterator[bytes]
) -> Iterator[HTTPResponse]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=_TIMEOUT)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, dict(headers))
        yield connection.getresponse()
    finally:
        connection.close()


def _pieces(read: Callable[[int], bytes], moved: Moved, begun: int = 0) -> Iterator[bytes]:
    number = begun
    while piece := read(_PIECE):
        yield piece
        number += len(piece)
        moved(number)


def _detail_in(text: bytes) -> str:
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return text[:200].decode(errors="replace")
