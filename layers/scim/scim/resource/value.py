"""Checks a value that a client sent against its attribute, and converts it to its stored form."""

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from scim.errors import InvalidSyntax, InvalidValue
from scim.profile import Profile, Tolerance
from scim.resource.fold import instant_of
from scim.resource.multi_value import distinct
from scim.schema.schema import Attribute, AttributeType, AttributeUniqueness
from scim.schema.spelling import (
    base64_in,
    boolean_in,
    decimal_in,
    integer_in,
    object_spelt_as_text,
    objects_in_text,
    reference_named_before,
    text_of,
    unwrapped,
)

LONGEST_STRING = 65_536
"""The most characters of a string value; the store limits the whole resource."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that no value may contain: C0 controls except tab and line ends, DEL, lone surrogates."""
_LINE_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Characters that no unique value may contain, because they are invisible in lists and logs."""
_LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checked:
    """A value in its stored form, None if it means unassigned, and the tolerances that applied."""

    value: object
    tolerated: frozenset[Tolerance] = frozenset()


def checked(attribute: Attribute, value: object, where: str, profile: Profile) -> Checked:
    """Return the whole value of an attribute, a list if it is multi-valued.

    null, [] and {} mean unassigned (RFC 7643 section 2.5). Raises InvalidValue and InvalidSyntax, whose
    details contain the path `where` but never the value.
    """
    check = Check(profile)
    return Checked(check.stored_form(attribute, value, where), frozenset(check.tolerated))


def checked_element(attribute: Attribute, value: object, where: str, profile: Profile) -> Checked:
    """Return a single value: one element if the attribute is multi-valued."""
    check = Check(profile)
    return Checked(check.stored_element(attribute, value, where), frozenset(check.tolerated))


class Check:
    """Checks the values of one request, and collects the tolerances that applied."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.tolerated: set[Tolerance] = set()

    def tolerates(self, tolerance: Tolerance) -> bool:
        """Return whether the profile has the tolerance; record it if so."""
        if not self.profile.tolerates(tolerance):
            return False
        self.tolerated.add(tolerance)
        return True

    def stored_form(self, attribute: Attribute, value: object, where: str) -> object:
        """Return the stored form of the attribute's whole value, or None for unassigned."""
        if not attribute.multi_valued:  # most attributes are single-valued strings
            if isinstance(value, str) and attribute.type is AttributeType.STRING:
                # A printable text contains no refused characters.
                is_plain = value.isprintable() and len(value) <= LONGEST_STRING
                return value if is_plain else self._string(attribute, value, where)
            if value.__class__ is bool and attribute.type is AttributeType.BOOLEAN:
                return value
        if attribute.is_complex and (listed := objects_in_text(attribute, value)) is not None:
            value = listed if self.tolerates(Tolerance.JSON_TEXT) else value
        if value is None or value == [] or (attribute.is_complex and value == {}):
            return None
        if not attribute.multi_valued:
            return self.stored_element(attribute, self._only(attribute, value), where)
        if not isinstance(value, list):
            if not self.tolerates(Tolerance.BARE_REFERENCE):
                raise _mistyped(where, "an array", value)
            value = [value]
        elements = [
            stored
            for position, element in enumerate(value)
            if (stored := self.stored_element(attribute, element, f"{where}[{position}]"))
            is not None
        ]
        if len(elements) < 2:
            # A lone value has no duplicates.
            return elements or None
        return distinct(attribute, elements, where, self.tolerates)

    def stored_element(self, attribute: Attribute, value: object, where: str) -> object:
        """Return the stored form of one value, or None for unassigned."""
        value = self._simple(attribute, value)
        if value is None:
            return None
        match attribute.type:
            case AttributeType.STRING:
                return self._string(attribute, value, where)
            case AttributeType.REFERENCE:
                return _text(value, where)
            case AttributeType.COMPLEX:
                return self._complex(attribute, value, where)
            case AttributeType.BOOLEAN:
                return self._boolean(value, where)
            case AttributeType.INTEGER:
                return _integer(self._number(value, integer_in), where)
            case AttributeType.DECIMAL:
                return _decimal(self._number(value, decimal_in), where)
            case AttributeType.DATE_TIME:
                return _date_time(value, where)
            case AttributeType.BINARY:
                return self._binary(value, where)

    def pass_unknown(self, value: object, where: str) -> None:
        """Ignore an unknown attribute if tolerated. Raises InvalidSyntax otherwise."""
        if value is None and self.tolerates(Tolerance.NULL_VALUES):
            return
        if not self.tolerates(Tolerance.UNKNOWN_ATTRIBUTES):
            raise InvalidSyntax(f"{where}: no attribute of that name is defined")

    def _only(self, attribute: Attribute, value: object) -> object:
        """Return the value inside an array of one, for a single-valued attribute (Entra, SCIM-SDK)."""
        if not (isinstance(value, list) and len(value) == 1):
            return value
        tolerance = Tolerance.BARE_REFERENCE if attribute.has_value else Tolerance.LIST_OF_ONE
        return value[0] if self.tolerates(tolerance) else value

    def _simple(self, attribute: Attribute, value: object) -> object:
        """Return the simple value inside an object (Entra wraps the values of every list)."""
        if attribute.is_complex or not isinstance(value, dict):
            return value
        inner = unwrapped(value)
        return value if inner is value or not self.tolerates(Tolerance.WRAPPED_VALUES) else inner

    def _number(self, value: object, number_in: Callable[[object], object]) -> object:
        if isinstance(value, int):
            return value
        number = number_in(value)
        return value if number is None or not self.tolerates(Tolerance.STRING_NUMBER) else number

    def _string(self, attribute: Attribute, value: object, where: str) -> str:
        if not isinstance(value, str):
            text_read = text_of(value)
            if text_read is not None and self.tolerates(Tolerance.STRING_NUMBER):
                value = text_read
        text = _text(value, where)
        if attribute.uniqueness is not AttributeUniqueness.NONE and _LINE_BREAKING.search(text):
            raise InvalidValue(f"{where}: contains a line end or another control character")
        return text

    def _complex(self, attribute: Attribute, value: object, where: str) -> object:
        object_read = object_spelt_as_text(attribute, value)
        if object_read is not None and self.tolerates(Tolerance.JSON_TEXT):
            value = object_read
        if attribute.has_value and (isinstance(value, str) or text_of(value) is not None):
            if not self.tolerates(Tolerance.BARE_REFERENCE):
                raise _mistyped(where, "an object", value)
            if value == "":  # tests/reports/messages.jsonl "empty text for each list"
                return None
            value = {"value": value}
        if not isinstance(value, dict):
            raise _mistyped(where, "an object", value)
        object_read = reference_named_before(attribute, value)
        if object_read is not None and self.tolerates(Tolerance.BARE_REFERENCE):
            value = object_read
        stored = self._parts(attribute, value, where)
        if not attribute.multi_valued and attribute.has_value and stored.get("value") == "":
            # an emptied reference: tests/scim/resource/test_value.py, Entra's manager
            return None if self.tolerates(Tolerance.BARE_REFERENCE) else stored
        return stored or None

    def _parts(
        self, attribute: Attribute, value: dict[str, object], where: str
    ) -> dict[str, object]:
        require_distinct_names(value, where)
        stored: dict[str, object] = {}
        for name, part in value.items():
            sub = attribute.sub(name)
            if sub is None:
                self.pass_unknown(part, f"{where}.{printable_name(name)}")
                continue
            # RFC 7644 section 3.3: readOnly values are ignored
            if sub.is_read_only:
                continue
            stored_part = self.stored_form(sub, part, f"{where}.{sub.name}")
            if stored_part is not None:
                stored[sub.name] = stored_part
        return stored

    def _boolean(self, value: object, where: str) -> bool:
        if isinstance(value, bool):
            return value
        boolean = boolean_in(value)
        if boolean is not None and self.tolerates(Tolerance.STRING_BOOLEAN):
            return boolean
        raise _mistyped(where, "true or false", value)

    def _binary(self, value: object, where: str) -> str:
        text = _text(value, where)
        base64 = base64_in(text)
        if base64 is None or (base64 != text and not self.tolerates(Tolerance.WRAPPED_BINARY)):
            raise InvalidValue(f"{where}: expected base64 (RFC 4648)")
        return base64


def require_distinct_names(value: dict[str, object], where: str) -> None:
    """Raise InvalidSyntax for two names that differ only in case, because either could be meant."""
    if len(set(map(str.lower, value))) == len(value):
        return
    counts = Counter(map(str.lower, value))
    twice = next(name for name in value if counts[name.lower()] > 1)
    raise InvalidSyntax(
        f"{where}: {printable_name(twice)} occurs more than once (case does not count)"
    )


def printable_name(name: str) -> str:
    """Return a client's attribute name in a form for error details: short and printable."""
    printable = "".join(char if char.isprintable() else "?" for char in name[:100])
    return printable if printable.strip() else f'"{printable}"'


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _mistyped(where, "a string", value)
    if len(value) > LONGEST_STRING:
        raise InvalidValue(f"{where}: longer than {LONGEST_STRING} characters")
    if _CONTROL.search(value):
        raise InvalidValue(f"{where}: contains a control character or half a surrogate pair")
    return value


def _integer(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _mistyped(where, "an integer", value)
    if abs(value) > _LARGEST_INTEGER:
        raise InvalidValue(f"{where}: expected an integer of at most 64 bits")
    return value


def _decimal(value: object, where: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _mistyped(where, "a number", value)
    try:
        is_finite = math.isfinite(float(value))
    except OverflowError:
        is_finite = False
    if not is_finite:
        raise InvalidValue(f"{where}: expected a finite number")
    # A body is JSON, whose numbers are read as floats: a text is stored as the same number.
    return float(value) if isinstance(value, Decimal) else value


def _date_time(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _mistyped(where, "a dateTime string", value)
    try:
        instant_of(value)
    except ValueError as error:
        raise InvalidValue(f"{where}: expected a dateTime such as 2011-05-13T04:42:34Z") from error
    return value


def _mistyped(where: str, expected: str, value: object) -> InvalidValue:
    return InvalidValue(f"{where}: expected {expected}, found {_kind_of(value)}")


def _kind_of(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float() | Decimal():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case dict():
            return "an object"
    return "null"
