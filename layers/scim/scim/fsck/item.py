"""A raw item with its attributes as plain values, and the documented body codec."""

import json
import re
import unicodedata
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import scim

PACKAGE = Path(scim.__file__).parent
"""The layer's package: the check reads its data files, never its code."""

DICTIONARIES = PACKAGE / "store" / "dynamodb" / "dictionaries"


_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""The characters with Unicode's derived property Default_Ignorable_Code_Point."""


class UnreadableError(Exception):
    """Stored bytes that cannot be decoded."""


@dataclass(frozen=True)
class Item:
    """One item: `attributes` are its attributes as plain values, `parts` the parts of its partition key."""

    attributes: Mapping[str, Any]

    @cached_property
    def pk(self) -> str:
        return str(self.attributes["pk"])

    @cached_property
    def sk(self) -> str:
        return str(self.attributes["sk"])

    @cached_property
    def parts(self) -> list[str]:
        return self.pk.split("#")

    @property
    def tenant(self) -> str:
        return self.parts[1]

    @property
    def type(self) -> str:
        return self.parts[2]

    @property
    def is_tombstone(self) -> bool:
        return "d" in self.attributes

    @property
    def name(self) -> str:
        return f"{self.pk} / {self.sk}"

    @cached_property
    def body(self) -> dict[str, Any]:
        """The resource's content. Raises UnreadableError."""
        content = unpacked(self.attributes.get("z", b""))
        if not isinstance(content, dict):
            raise UnreadableError("the body is no object")
        return content

    def links(self) -> Iterator[tuple[str, str, str]]:
        """Yield the item's back links: type and id of each source, and the attribute."""
        for name, ids in self.attributes.items():
            if name.startswith("g."):
                _, type_name, attribute = name.split(".", 2)
                for id_ in ids:
                    yield type_name, _id_of(id_), attribute

    def counts(self) -> dict[str, int]:
        """Return how many edges the item says it has, by relation."""
        return {n[2:]: v for n, v in self.attributes.items() if n.startswith("n.") and v}


def item_of(wire: Mapping[str, Mapping[str, Any]]) -> Item:
    """Return the item for one read by the low-level client."""
    return Item({name: _value_of(*typed.popitem()) for name, typed in _copies(wire)})


def size_of(item: Item) -> int:
    """Return the approximate size of the item in bytes, without its links, for which the store has room beside it."""
    attributes = item.attributes.items()
    return sum(len(name.encode()) + _size(value) for name, value in attributes if name[:2] != "g.")


def unpacked(stored: bytes) -> Any:
    """Return the JSON value stored after a codec byte. Raises UnreadableError."""
    try:
        inflater = zlib.decompressobj(wbits=-15, zdict=_dictionary(stored[0]))
        return json.loads(inflater.decompress(stored[1:]) + inflater.flush())
    except (IndexError, OSError, ValueError, zlib.error) as broken:
        raise UnreadableError("the stored bytes cannot be read") from broken


def folded(text: str) -> str:
    """Return the text case-folded, in NFKC, and without invisible characters."""
    if text.isascii():
        return text.lower()
    previous, result = "", text
    while result != previous:
        previous = result
        result = _normal(_normal(_UNSEEN.sub("", previous)).casefold())
    return result


def _normal(text: str) -> str:
    """Return the text in NFKC. Python's own normalisation takes quadratic time for many combining marks in a row."""
    parts = unicodedata.normalize("NFKD", text) if len(text) < 500 else _in_order(text)
    return unicodedata.normalize("NFKC", parts)


def _in_order(text: str) -> str:
    parts = "".join([unicodedata.normalize("NFKD", character) for character in text])
    rows = groupby(parts, lambda character: unicodedata.combining(character) > 0)
    return "".join(
        ["".join(sorted(row, key=unicodedata.combining) if marks else row) for marks, row in rows]
    )


@cache
def _dictionary(codec: int) -> bytes:
    return (DICTIONARIES / f"{codec}.txt").read_bytes()


def _copies(wire: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, dict(typed)) for name, typed in wire.items())


def _value_of(kind: str, value: Any) -> Any:
    match kind:
        case "N":
            return int(value)
        case "B":
            return bytes(value)
        case "BS":
            return frozenset(map(bytes, value))
        case "SS":
            return frozenset(value)
        case "L":
            return [_value_of(*dict(element).popitem()) for element in value]
        case "M":
            return {name: _value_of(*dict(typed).popitem()) for name, typed in value.items()}
        case _:
            return value


def _size(value: Any) -> int:
    match value:
        case str():
            return len(value.encode())
        case bytes():
            return len(value)
        case frozenset() | list():
            return sum(map(_size, value))
        case dict():
            return sum(len(name) + _size(v) for name, v in value.items())
        case _:
            return 8


def stored_id(id_: str) -> bytes:
    """Return an id as stored in a set of back links."""
    try:
        number = uuid.UUID(id_)
    except ValueError:
        return b"\x00" + id_.encode()
    return b"\x01" + number.bytes if str(number) == id_ else b"\x00" + id_.encode()


def _id_of(stored: bytes) -> str:
    if stored[:1] == b"\x01" and len(stored) == 17:
        return str(uuid.UUID(bytes=stored[1:]))
    return stored[1:].decode(errors="replace")
