"""HTTP requests and responses of the local gateway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its target split but not decoded, and its headers as received."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    source_ip: str = "127.0.0.1"

    def header(self, name: str) -> str | None:
        """Return the last value of a header, as API Gateway's single-valued map does."""
        lower_name = name.lower()
        return next(
            (value for key, value in reversed(self.headers) if key.lower() == lower_name), None
        )


class Answer(NamedTuple):
    """A status, headers and a body."""

    status: int
    headers: Headers
    body: bytes


def request_of(
    method: str, target: str, headers: Mapping[str, str] | Iterable[tuple[str, str]], body: bytes
) -> Request:
    """Return the request for a target in origin form, such as `/scim/v2/Users?count=1`."""
    path, _, query = target.partition("?")
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return Request(
        method, path or "/", query, tuple((str(name), str(value)) for name, value in pairs), body
    )
