"""The fold: the rule by which two values are equal, for filters, indexes and uniqueness.

Strings that are not caseExact fold to a skeleton: NFKC, case-folded, without invisible characters
and surrounding white space. Therefore look-alikes (ﬁ and fi, ß and ss) are equal, which is right for
a unique attribute (RFC 7643 section 7.8 asks for comparison after PRECIS; that profile refuses names
with spaces, which identity providers send). caseExact strings are only composed (NFC); references
and binary values compare unchanged. Numbers, booleans and instants fold to text whose order is the
order of the values.
"""

import hashlib
import math
import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, Literal

from scim.schema.schema import NUMBERED_ID, Attribute, AttributeType

LONGEST_KEY = 900
"""The most bytes of an index key; the rest of DynamoDB's 1,024 is for an id."""

_HASH_LENGTH = 64
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point: invisible characters."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_LONG_ROW: Final = 128
"""From this length on, rows of combining marks are sorted here: CPython's time grows with their square."""
_DECOMPOSED: Final[dict[Literal["NFC", "NFKC"], Literal["NFD", "NFKD"]]] = {
    "NFC": "NFD",
    "NFKC": "NFKD",
}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_BIAS = 10_000
"""Added to a decimal exponent so that it is positive and five digits long."""
_NINES = str.maketrans("0123456789", "9876543210")


def folded(attribute: Attribute, value: object) -> str:
    """Return the folded form of a value; values are equal if their folded forms are.

    Raises ValueError when the value is not of the attribute's type.
    """
    match attribute.type, value:
        case AttributeType.STRING, str():
            text = folded_part(attribute, value)
            return text if attribute.case_exact else text.strip()
        case ((AttributeType.REFERENCE | AttributeType.BINARY), str()):
            return value
        case AttributeType.BOOLEAN, bool():
            return "true" if value else "false"
        case ((AttributeType.INTEGER | AttributeType.DECIMAL), int() | float() | Decimal()) if (
            not isinstance(value, bool)
        ):
            return _ordered_number(_as_in_a_body(value))
        case AttributeType.DATE_TIME, str():
            return instant_of(value)
        case AttributeType.INTEGER, str() if attribute is NUMBERED_ID:
            return _ordered_id(value)
    raise ValueError(f"expected a value of type {attribute.type}")


def folded_part(attribute: Attribute, text: str) -> str:
    """Return the folded form of a part of a string, for co, sw and ew.

    Unlike `folded`, it keeps surrounding white space, which counts inside a string.
    """
    if attribute.type is not AttributeType.STRING:
        return text
    if text.isascii():
        return text if attribute.case_exact else text.lower()
    if attribute.case_exact:
        return normalized("NFC", text)
    return _skeleton(text)


def key_of(text: str) -> str:
    """Return the folded text for an index key.

    A text longer than a key allows is cut, and its SHA-256 is appended, so that equality stays exact and
    order and prefixes hold for the part before the cut.
    """
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded) <= LONGEST_KEY:
        return text
    beginning = encoded[: LONGEST_KEY - _HASH_LENGTH].decode("utf-8", "ignore")
    return beginning + hashlib.sha256(encoded).hexdigest()


def instant_of(text: str) -> str:
    """Return an xsd:dateTime as UTC text of fixed length; without an offset it is UTC.

    Raises ValueError when it is not an xsd:dateTime or is outside the years 1 to 9999.
    """
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an xsd:dateTime")
    moment = datetime.fromisoformat(text)
    try:
        utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the years 1 to 9999") from error
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _skeleton(text: str) -> str:
    """Return the case-folded, compatibility-composed form; folding it again changes nothing."""
    before, after = None, text
    while after != before:
        before = after
        composed = normalized("NFKC", _IGNORABLE.sub("", before))
        after = normalized("NFKC", composed.casefold())
    return after


def normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Return a text in a normalization form, in time proportional to its length, not to the square."""
    return unicodedata.normalize(form, text if len(text) < _LONG_ROW else _in_order(form, text))


def _in_order(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Return an equivalent text with long rows of marks decomposed and sorted (UAX #15 section 1.3)."""
    decomposed_form = _DECOMPOSED[form]
    # A long row covers one of these characters.
    if not any(_is_mark(character, decomposed_form) for character in text[::_LONG_ROW]):
        return text
    odd = [c for c in set(text) if unicodedata.combining(c) or unicodedata.decomposition(c)]
    marks = [character for character in odd if _is_mark(character, decomposed_form)]

    def sorted_row(row: re.Match[str]) -> str:
        pieces = (row[0][i : i + _LONG_ROW] for i in range(0, len(row[0]), _LONG_ROW))
        parts = "".join([unicodedata.normalize(decomposed_form, piece) for piece in pieces])
        classes = list(map(unicodedata.combining, parts))
        if classes == sorted(classes):
            return parts
        return "".join(sorted(parts, key=unicodedata.combining))

    return re.sub(f"[{re.escape(''.join(marks))}]{{{_LONG_ROW},}}", sorted_row, text)


def _is_mark(text: str, decomposed_form: Literal["NFD", "NFKD"]) -> bool:
    """Return whether a character is decomposed into marks alone."""
    return all(map(unicodedata.combining, unicodedata.normalize(decomposed_form, text)))


def _as_in_a_body(number: float | Decimal) -> Decimal:
    """Return the decimal that is stored for a number; a decimal, as in a filter, is rounded as in JSON.

    A body's fractions are read as binary64 (RFC 8259 section 6). Beyond its range nothing is stored.
    """
    if isinstance(number, Decimal) and math.isfinite(rounded := float(number)):
        number = rounded
    return Decimal(str(number))


def _ordered_number(number: Decimal) -> str:
    """Return text that sorts as the numbers do: sign, exponent, digits.

    Zero is `1`. A positive number is `2`, the biased exponent and the digits. A negative number is `0`,
    the complements of both, and `~`, so that more digits sort lower.
    """
    if not number.is_finite():
        raise ValueError("not a finite number")
    if not number:
        return "1"
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    exponent = f"{number.adjusted() + _BIAS:05d}"
    if number > 0:
        return f"2{exponent}{digits}"
    return f"0{(exponent + digits).translate(_NINES)}~"


def _ordered_id(text: str) -> str:
    """Return text that sorts as the number in an id; ids that are not numbers follow in the order of their text."""
    return _ordered_number(Decimal(text)) if _NUMBER.fullmatch(text) else f"3{text}"
