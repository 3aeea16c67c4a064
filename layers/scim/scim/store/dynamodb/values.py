"""Converts items between plain values and the low-level client's form, and bodies to bytes.

A body is JSON, deflated with a preset dictionary, after one codec byte. The codec byte identifies the
dictionary. A released dictionary never changes.
"""

import json
import zlib
from binascii import a2b_base64
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from zlib import decompressobj

from scim.compact import json_text
from scim.errors import InvalidValue

Value = str | int | bool | bytes | frozenset[bytes]
Item = Mapping[str, Value]
Wire = dict[str, dict[str, object]]

SCHEMA = 1
"""The version of the storage format, stored in the attribute `s` of every item."""


def encoded(value: Value) -> dict[str, object]:
    """Return one value with its DynamoDB type."""
    kind = value.__class__
    if kind is str:  # the most common type
        return {"S": value}
    if kind is int:
        return {"N": str(value)}
    if kind is bytes:
        return {"B": value}
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case _:
            return {"BS": sorted(value)}


def encoded_item(item: Item) -> Wire:
    """Return an item in the form that the client sends."""
    return {
        name: {"S": value} if value.__class__ is str else encoded(value)
        for name, value in item.items()
    }


def encoded_key(pk: str, sk: str) -> Wire:
    """Return a primary key in the form that the client sends."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def decoded_item(wire: Mapping[str, Mapping[str, object]]) -> dict[str, Value]:
    """Return the plain values of an item that the client received; binary values may be in base64.

    Raises TypeError for an attribute whose type no item of this table uses.
    """
    # Most are strings.
    return {
        name: typed["S"] if "S" in typed else _decoded(typed)  # type: ignore[misc]  # joined to object
        for name, typed in wire.items()
    }


def _decoded(typed: Mapping[str, Any]) -> Value:
    ((kind, value),) = typed.items()
    return _DECODERS[kind](value)


def binary_in(value: Any) -> bytes:
    """Return a binary value in the form of either client as bytes."""
    return a2b_base64(value) if isinstance(value, str) else bytes(value)


class _Decoders(dict[str, Callable[[Any], Value]]):
    def __missing__(self, kind: str) -> Callable[[Any], Value]:
        raise TypeError(f"an attribute of type {kind}, which no item of this table has")


_DECODERS = _Decoders(
    N=int, B=binary_in, BOOL=bool, BS=lambda values: frozenset(map(binary_in, values))
)


def text(item: Item, name: str) -> str:
    """Return a string attribute. Raises TypeError for another type."""
    value = item[name]
    if not isinstance(value, str):
        raise TypeError(f"attribute {name} is not a text")
    return value


def number(item: Item, name: str) -> int:
    """Return a number attribute, 0 if it is absent. Raises TypeError for another type."""
    value = item.get(name, 0)
    if not isinstance(value, int):
        raise TypeError(f"attribute {name} is not a number")
    return value


def binary(item: Item, name: str) -> bytes:
    """Return a binary attribute. Raises TypeError for another type."""
    value = item[name]
    if not isinstance(value, bytes):
        raise TypeError(f"attribute {name} is not binary")
    return value


def binaries(item: Item, name: str) -> frozenset[bytes]:
    """Return a binary set attribute, empty if it is absent. Raises TypeError for another type."""
    value = item.get(name, frozenset())
    if not isinstance(value, frozenset):
        raise TypeError(f"attribute {name} is not a set")
    return value


CURRENT = 1
DICTIONARIES: Mapping[int, bytes] = {
    1: Path(__file__).with_name("dictionaries").joinpath("1.txt").read_bytes()
}
RAW = -zlib.MAX_WBITS
SMALL, SMALL_WINDOW = 5_000, -13
"""Up to SMALL bytes, the text and its dictionary fit an 8 KB window: deflating needs a tenth of the memory."""


class UnknownCodec(ValueError):
    """The bytes were written with a codec that this version does not have."""

    def __init__(self, codec: int | None) -> None:
        super().__init__(f"stored bytes need codec {codec}; this version knows {CURRENT}")


def packed(value: object) -> bytes:
    """Return a JSON value as bytes to store. Raises InvalidValue for half of a surrogate pair."""
    return deflated(json_text(value))


def deflated(text: str) -> bytes:
    """Return JSON text as bytes to store. Raises InvalidValue for half of a surrogate pair."""
    try:
        plain = text.encode()
    except UnicodeEncodeError as broken:
        raise InvalidValue("A text holds half of a surrogate pair; send whole characters.") from (
            broken
        )
    window, memory = (SMALL_WINDOW, 5) if len(plain) <= SMALL else (RAW, zlib.DEF_MEM_LEVEL)
    deflater = zlib.compressobj(9, wbits=window, memLevel=memory, zdict=DICTIONARIES[CURRENT])
    return bytes((CURRENT,)) + deflater.compress(plain) + deflater.flush()


def unpacked(stored: bytes) -> object:
    """Return the JSON value in stored bytes. Raises UnknownCodec, or ValueError for damaged bytes."""
    plain: object = json.loads(inflated(stored))
    return plain


def packed_object(item: Item, name: str) -> dict[str, Any]:
    """Return the JSON object packed in an attribute. Raises TypeError for another value, UnknownCodec."""
    value = unpacked(binary(item, name))
    if not isinstance(value, dict):
        raise TypeError(f"attribute {name} is not an object")
    return value


def packed_members(item: Item, name: str, known: Iterable[str]) -> dict[str, Any]:
    """Return those of the known members that a packed object has; a later version may have stored more."""
    stored = packed_object(item, name)
    return {member: stored[member] for member in known if member in stored}


def packed_list(item: Item, name: str) -> list[Any]:
    """Return the JSON array packed in an attribute. Raises TypeError for another value, UnknownCodec."""
    value = unpacked(binary(item, name))
    if not isinstance(value, list):
        raise TypeError(f"attribute {name} is not an array")
    return value


def inflated(stored: bytes) -> str:
    """Return the JSON text in stored bytes. Raises UnknownCodec, or ValueError for damaged bytes."""
    dictionary = DICTIONARIES.get(stored[0]) if stored else None
    if dictionary is None:
        raise UnknownCodec(stored[0] if stored else None)
    try:
        return decompressobj(RAW, dictionary).decompress(stored[1:]).decode()
    except zlib.error as damaged:
        raise ValueError("stored bytes are damaged") from damaged
