"""A file as lines of JSON; JSON that two readers could understand differently is refused."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scim.errors import InvalidSyntax, PayloadTooLarge

MOST_BYTES = 5_242_880
"""The most bytes of one line or operation: what a worker holds in memory of a file of any size."""
LONGEST_NUMBER = 20
"""The most characters of a whole number, as in the body of a request. Python refuses thousands of digits."""
_ESCAPED_SURROGATE = (b"\\ud", b"\\uD")


class Line(NamedTuple):
    """A line with its line end: its number, from 1, and its first byte in the file."""

    number: int
    start: int
    content: bytes


def lines_of(pieces: Iterator[bytes]) -> Iterator[Line]:
    """Yield the lines of a file that arrives in pieces. Raises PayloadTooLarge for a long line."""
    number, start, remainder = 1, 0, b""
    for piece in pieces:
        *whole_lines, remainder = (remainder + piece).split(b"\n")
        for line in whole_lines:
            yield Line(number, start, line + b"\n")
            number, start = number + 1, start + len(line) + 1
        require_short(len(remainder), number)
    if remainder:
        yield Line(number, start, remainder)


def require_short(length: int, line: int) -> None:
    """Raise PayloadTooLarge for more than MOST_BYTES."""
    if length > MOST_BYTES:
        raise PayloadTooLarge(
            f"Line {line}: longer than {MOST_BYTES} bytes, or a value in it is not closed."
        )


def object_in(content: bytes) -> Mapping[str, object]:
    """Return the JSON object in the content.

    Raises InvalidSyntax, also for a name that occurs twice, NaN, infinities, numbers of more than 20
    digits and lone surrogates.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidSyntax("This is not valid UTF-8.") from error
    try:
        value = _decode(text)
        if any(escape in content for escape in _ESCAPED_SURROGATE):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise InvalidSyntax(
            f"This is not valid JSON: {error.msg} at character {error.pos + 1}."
        ) from error
    except UnicodeEncodeError as error:
        raise InvalidSyntax("There is half of a surrogate pair.") from error
    except RecursionError as error:
        raise InvalidSyntax("This is nested too deeply.") from error
    if not isinstance(value, dict):
        raise InvalidSyntax("This is not a JSON object.")
    return value


def _distinct(members: list[tuple[str, object]]) -> dict[str, object]:
    by_name = dict(members)
    if len(by_name) < len(members):
        raise InvalidSyntax("A name occurs twice in one object.")
    return by_name


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise InvalidSyntax("A number is too large.")
    return number


def _bounded(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise InvalidSyntax(f"A number has more than {LONGEST_NUMBER} digits.")
    return int(digits)


def _refused(name: str) -> object:
    raise InvalidSyntax(f"{name} is not a JSON value.")


_decode = json.JSONDecoder(
    object_pairs_hook=_distinct,
    parse_float=_finite,
    parse_int=_bounded,
    parse_constant=_refused,
).decode
