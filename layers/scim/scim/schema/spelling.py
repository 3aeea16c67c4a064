"""Values in clients' spellings: objects as JSON text, numbers as text, values wrapped in objects or in lines."""

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from scim.schema.schema import Attribute, AttributeType

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(?:\.0{1,19})?")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")
_BOOLEANS: Final = {"true": True, "false": False}
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")
_BLANK_OFFSET: Final = re.compile(r"([0-9-]+T[0-9:.]+) ([0-9]{2}:[0-9]{2})")
_SENT_BESIDE: Final = frozenset({"value", "$ref", "display", "type", "primary"})
_BEYOND: Final = 2**63
_DEEPEST: Final = 32


def object_in_text(value: object) -> dict[str, object] | None:
    """Return the object in a text of JSON (RFC 8259), None for any other text or value."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return None
    parsed = value_in_text(value)
    return parsed if isinstance(parsed, dict) else None


def value_in_text(text: str) -> object:
    """Return the value of a JSON text, None if it is invalid or nested too deeply."""
    try:
        parsed = json.loads(text, parse_constant=_refused, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return None
    return parsed if _depth(parsed) <= _DEEPEST else None


def objects_in_text(attribute: Attribute, value: object) -> list[object] | None:
    """Return the values of a complex attribute that were sent as a list in JSON text.

    Returns None, so that the text stays text, unless each value is an object with a defined
    sub-attribute.
    """
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return None
    elements = value_in_text(value)
    if not isinstance(elements, list):
        return None
    defined = [_defined(attribute, element) for element in elements if isinstance(element, dict)]
    return [*defined] if len(defined) == len(elements) and all(defined) else None


def object_spelt_as_text(attribute: Attribute, value: object) -> dict[str, object] | None:
    """Return the value of a complex attribute that is JSON text, or has JSON text in its `value`.

    Undefined members are omitted; `displayName` becomes `display` if the attribute has only that.
    Returns None, so that the text stays text, if no member is defined.
    """
    members = object_in_text(value)
    if members is not None:
        return _defined(attribute, members) or None
    if not isinstance(value, Mapping):
        return None
    text = value["value"] if "value" in value else _value_in_any_case(value)
    inner = object_in_text(text)
    if inner is None:
        return None
    defined = _defined(attribute, inner)
    if not any(name.lower() == "value" for name in defined):
        return None
    names = {name.lower() for name in defined}
    return {**{k: v for k, v in value.items() if str(k).lower() not in names}, **defined}


def unwrapped(value: object) -> object:
    """Return the simple value in the `value` of an object that wraps one, else the object."""
    if not isinstance(value, Mapping):
        return value
    folded = {str(name).lower(): part for name, part in value.items()}
    return folded["value"] if "value" in folded and folded.keys() <= _SENT_BESIDE else value


def reference_named_before(
    attribute: Attribute, value: Mapping[str, object]
) -> dict[str, object] | None:
    """Return a reference with its id under `value` instead of the name of SCIM 1.1, `managerId`.

    Returns None for any other value: one that has a `value`, or an attribute that defines that name.
    tests/idp/onelogin.jsonl "create user from the documented Enterprise template".
    """
    if attribute.multi_valued or not attribute.has_value:
        return None
    former = f"{attribute.name}Id".lower()
    if attribute.sub(former) is not None:
        return None
    if not any(str(name).lower() == former for name in value):  # so for nearly all values
        return None
    if any(str(name).lower() == "value" and part is not None for name, part in value.items()):
        return None
    other_members = {
        name: part for name, part in value.items() if str(name).lower() not in ("value", former)
    }
    return {
        **other_members,
        "value": next(p for name, p in value.items() if str(name).lower() == former),
    }


def base64_in(text: str) -> str | None:
    """Return base64 without its white space, None for another text: certificates come in lines (RFC 7643 section 8.2)."""
    joined = "".join(text.split())
    is_base64 = _BASE64.fullmatch(joined) and len(joined.rstrip("=")) % 4 != 1
    return joined if is_base64 else None


def integer_in(value: object) -> int | None:
    """Return the integer in a text or in a number without a fraction, else None."""
    if isinstance(value, float | Decimal):
        is_small = math.isfinite(value) and -_BEYOND < value < _BEYOND
        return int(value) if is_small and value == int(value) else None
    if not isinstance(value, str) or _WHOLE.fullmatch(value) is None:
        return None
    return int(value.partition(".")[0])


def decimal_in(value: object) -> int | Decimal | None:
    """Return the number in a text, None for a text that is not a number of RFC 8259."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value) is None:
        return None
    integer = integer_in(value) if "." not in value else None
    return Decimal(value) if integer is None else integer


def boolean_in(value: object) -> bool | None:
    """Return the boolean that a text in any case spells, None for any other value."""
    return _BOOLEANS.get(value.lower()) if isinstance(value, str) else None


def time_in(value: object) -> str | None:
    """Return the time in whose text a blank stands for the `+` before the offset, else None."""
    parts = _BLANK_OFFSET.fullmatch(value) if isinstance(value, str) else None
    return None if parts is None else f"{parts[1]}+{parts[2]}"


def text_of(number: object) -> str | None:
    """Return a number as text, None for any other value."""
    is_number = isinstance(number, int | float | Decimal) and not isinstance(number, bool)
    return str(number) if is_number else None


def value_of_type(attribute: Attribute, value: object) -> str | int | Decimal | None:
    """Return the text of a number, or the number, time or base64 in a text, as the type needs; else None."""
    match attribute.type:
        case AttributeType.STRING:
            return text_of(value)
        case AttributeType.INTEGER | AttributeType.DECIMAL:
            return decimal_in(value)
        case AttributeType.DATE_TIME:
            return time_in(value)
        case AttributeType.BINARY:
            base64 = base64_in(value) if isinstance(value, str) else None
            return None if base64 == value else base64
        case _:
            return None


def _value_in_any_case(members: Mapping[str, object]) -> object:
    return next((part for name, part in members.items() if name.lower() == "value"), None)


def _defined(attribute: Attribute, members: Mapping[str, object]) -> dict[str, object]:
    defined = {name: part for name, part in members.items() if attribute.sub(name) is not None}
    label = next((part for name, part in members.items() if name.lower() == "displayname"), None)
    has_label = any(name.lower() in ("display", "displayname") for name in defined)
    if label is not None and not has_label and attribute.sub("display") is not None:
        defined["display"] = label
    return defined


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len({name.casefold() for name in members}) < len(pairs):
        raise ValueError("a name stands twice")
    return members


def _refused(name: str) -> object:
    raise ValueError(name)


def _depth(value: object) -> int:
    deepest = 0
    level: list[object] = [value]
    while level:
        deepest += 1
        objects = [value.values() for value in level if isinstance(value, dict)]
        arrays = [value for value in level if isinstance(value, list)]
        level = [child for children in (*objects, *arrays) for child in children]
    return deepest
