"""The client of a tenant's service over HTTP, for commands about resources, jobs, imports and exports."""

import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import click
import httpx2

from scim_cli.exits import Unreachable
from scim_cli.http_client import client_for
from scim_cli.input_files import token_in
from scim_cli.local_run import HOSTS, TOKEN, address
from scim_cli.output import OutputFormat, output_options, shown_of

BUSY = frozenset({429, 502, 503, 504})
"""Statuses of a server, or of one in front of it, that may do later what it refuses now."""

_PIECE = 1 << 16
_PARTIAL, _NOTHING_LEFT = 206, 416


class ReportBytes(Protocol):
    """Called with the number of bytes transferred so far."""

    def __call__(self, number: int) -> None: ...


def path_to(endpoint: str, id_: str, *subpaths: str) -> str:
    """Return the path of a resource; its id is one segment, whatever it contains."""
    if id_ in {"", ".", ".."}:
        raise click.UsageError(f"There is no id {id_!r}.")
    return "/".join(("", endpoint, quote(id_, safe=""), *subpaths))


class Refused(click.ClickException):
    """The service refused the request."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(shown_of(f"{status}: {detail}"))
        self.status = status


class TokenAuth(httpx2.Auth):
    """Sends a token as Bearer, and as Token to a tenant that accepts only that (profile `ownidp`)."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._scheme = "Bearer"

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        """Send a request; send it once more if Bearer is refused."""
        request.headers["Authorization"] = f"{self._scheme} {self._token}"
        answer = yield request
        if answer.status_code == httpx2.codes.UNAUTHORIZED and self._scheme == "Bearer":
            request.headers["Authorization"] = f"Token {self._token}"
            second_answer = yield request
            if second_answer.status_code != httpx2.codes.UNAUTHORIZED:
                self._scheme = "Token"


@dataclass(frozen=True, slots=True)
class Service:
    """One tenant's service: `url` ends in `/scim/v2`, and `format` is the format of the command's output."""

    url: str
    auth: TokenAuth
    http: httpx2.Client
    format: OutputFormat = OutputFormat.TABLE

    def call(
        self, method: str, path: str, body: object = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a request to a path below the URL and return the JSON of the response.

        A bare array, as some profiles answer, is returned as the `Resources` of a list. Raises Refused, also for a
        redirect: the token is for this server.
        """
        answer = self.http.request(
            method,
            self.url + path,
            params=query,
            content=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/scim+json"},
            auth=self.auth,
        )
        if not answer.is_success:
            raise Refused(answer.status_code, _detail_in(answer))
        return object_in(answer) if answer.content or method == "GET" else {}

    def page(
        self, path: str, query: Mapping[str, str] | None = None
    ) -> tuple[list[dict[str, Any]], int]:
        """Return the resources of a page of a list, and the list's totalResults. Ends the command if it is no list."""
        document = self.call("GET", path, query=query)
        resources = document.get("Resources") or document.get("resources") or []
        is_list = isinstance(resources, list) and all(isinstance(each, dict) for each in resources)
        total = document.get("totalResults", len(resources) or None) if is_list else None
        if not isinstance(total, int):
            raise click.ClickException(
                f"{self.url}{path} answers what is no list: is the base URL that of a SCIM service?"
            )
        return resources, total

    def upload(self, link: Mapping[str, Any], file: Path, report: ReportBytes) -> None:
        """Upload a file to the URL that a job names."""
        headers = {"Content-Length": str(file.stat().st_size)}
        with file.open("rb") as content:
            pieces = _counting(iter(lambda: content.read(_PIECE), b""), report)
            answer = self.http.put(str(link["$ref"]), headers=headers, content=pieces)
        if not answer.is_success:
            raise click.ClickException(
                f"The upload was refused: {answer.status_code} {answer.text[:200]}"
            )

    def download(self, link: Mapping[str, Any], file: Path, report: ReportBytes) -> None:
        """Download a file from the URL that a job names; continue a file that is partly there."""
        offset = file.stat().st_size if file.exists() else 0
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        with self.http.stream("GET", str(link["$ref"]), headers=headers) as answer:
            if offset and answer.status_code == _NOTHING_LEFT:
                return
            if not answer.is_success:
                raise click.ClickException(f"The download was refused: {answer.status_code}")
            mode = "ab" if answer.status_code == _PARTIAL else "wb"
            with file.open(mode) as content:
                for piece in _counting(
                    answer.iter_raw(_PIECE), report, offset if mode == "ab" else 0
                ):
                    content.write(piece)


def serviced(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a tenant's service, and its client.

    The secret comes from the environment or a file, because arguments are visible to others.
    """

    @click.option("--url", envvar="SCIM_URL", help="The base URL, up to /scim/v2 (SCIM_URL).")
    @click.option(
        "--token-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File with the token; default SCIM_TOKEN.",
    )
    @click.option(
        "--local", "is_local", is_flag=True, help="The service that `make run` runs here."
    )
    @output_options
    @wraps(command)
    def call(
        *args: Any,
        url: str | None,
        token_file: Path | None,
        is_local: bool,
        form: OutputFormat,
        **options: Any,
    ) -> None:
        token = token_in(token_file) if token_file else os.environ.get("SCIM_TOKEN", "")
        if is_local:
            url = url or f"http://{address()}/scim/v2"
            token = token or TOKEN
        elif not url or not token:
            raise click.UsageError("Give --url (or SCIM_URL) and --token-file (or SCIM_TOKEN).")
        require_url(url)
        if is_local and httpx2.URL(url).host not in HOSTS:
            raise click.UsageError(
                f"--local is the service of this machine, and {url} is another (--url, SCIM_URL)."
            )
        require_token(token)
        with client_for(url) as http:
            try:
                auth = TokenAuth(token)
                command(Service(url.rstrip("/"), auth, http, form), *args, **options)
            except httpx2.RequestError as error:
                raise Unreachable.at(unreachable_place(error, url), error) from error

    return call


def unreachable_place(error: httpx2.RequestError, url: str) -> str:
    """Return the server that did not respond; without the path for that of files, whose URLs have signatures."""
    try:
        request_url = error.request.url
    except RuntimeError:
        return url
    is_own = request_url.host == httpx2.URL(url).host
    return url if is_own else f"{request_url.scheme}://{request_url.netloc.decode()}"


def require_url(url: str) -> None:
    """End the command unless a URL can be requested."""
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise click.UsageError(f"{url} is no URL: {str(error).rstrip('.')}.") from error
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise click.UsageError(
            f"{url} is no URL; expected one such as https://scim.example.com/scim/v2."
        )


def require_token(token: str) -> None:
    """End the command if a header cannot hold the token; the error does not show it."""
    if not (token.isascii() and token.isprintable()):
        raise click.UsageError(
            "The token holds what no token has, such as a line break or a letter that is not ASCII."
        )


def _counting(pieces: Iterable[bytes], report: ReportBytes, offset: int = 0) -> Iterator[bytes]:
    total = offset
    for piece in pieces:
        yield piece
        total += len(piece)
        report(total)


def object_in(answer: httpx2.Response) -> dict[str, Any]:
    """Return the JSON object in a response, a bare array as `Resources`. Ends the command if there is none."""
    try:
        value = answer.json()
    except (ValueError, RecursionError):
        value = None
    match value:
        case dict():
            return value
        case list():
            return {"Resources": value, "totalResults": len(value)}
    raise click.ClickException(
        f"{answer.request.url.copy_with(query=None)} answers {answer.status_code} without JSON:"
        " is the base URL that of a SCIM service?"
    )


def _detail_in(answer: httpx2.Response) -> str:
    if answer.has_redirect_location:
        return f"moved to {answer.headers['Location']}; use that URL."
    try:
        return str(answer.json()["detail"])
    except (ValueError, RecursionError):
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            return "the token is not accepted."
        return "the answer is not JSON: is the base URL that of a SCIM service?"
    except (KeyError, TypeError):
        return answer.text[:200]
