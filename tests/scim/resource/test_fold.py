"""The rule by which values count as equal, and their order."""

import json
import unicodedata
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scim.resource.fold import LONGEST_KEY, folded, folded_part, instant_of, key_of
from scim.schema.schema import Attribute, AttributeType
from tests.cpu import cpu

CASELESS = Attribute("userName")
EXACT = Attribute("externalId", case_exact=True)
NUMBER = Attribute("height", AttributeType.DECIMAL)
INTEGER = Attribute("age", AttributeType.INTEGER)
BOOLEAN = Attribute("active", AttributeType.BOOLEAN)
INSTANT = Attribute("start", AttributeType.DATE_TIME)
REFERENCE = Attribute("$ref", AttributeType.REFERENCE)

NUMBERS = st.one_of(st.integers(-(2**63), 2**63), st.floats(allow_nan=False, allow_infinity=False))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 bounds are naive by contract


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("BJensen@Example.com", "bjensen@example.COM", id="case"),
        pytest.param("straße", "STRASSE", id="sharp-s"),
        pytest.param("ﬁnn", "finn", id="ligature"),
        pytest.param("ａｄａ", "ada", id="full-width"),
        pytest.param("\u212aurt", "kurt", id="kelvin-sign"),
        pytest.param("Ad\u200ba", "ada", id="zero-width-space"),
        pytest.param(" ada\u00a0", "ada", id="surrounding-space"),
        pytest.param("e\u0301va", "\u00e9va", id="composition"),
    ],
)
def test_look_alikes_are_equal_where_case_does_not_count(one: str, other: str) -> None:
    assert folded(CASELESS, one) == folded(CASELESS, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Ada", "ada", id="case"),
        pytest.param("ﬁnn", "finn", id="ligature"),
        pytest.param(" ada", "ada", id="space"),
    ],
)
def test_look_alikes_differ_where_case_counts(one: str, other: str) -> None:
    assert folded(EXACT, one) != folded(EXACT, other)


def test_composed_and_decomposed_characters_are_the_same() -> None:
    assert folded(EXACT, "e\u0301") == folded(EXACT, "\u00e9")


def test_a_space_inside_a_name_counts() -> None:
    assert folded(CASELESS, "ada king") != folded(CASELESS, "adaking")


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = folded(CASELESS, text)
    assert folded(CASELESS, once) == once


@given(st.text())
def test_canonically_equivalent_texts_fold_alike(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert folded(CASELESS, apart) == folded(CASELESS, text)
    assert folded(EXACT, apart) == folded(EXACT, text)


@given(st.text(), st.text())
def test_keys_are_equal_exactly_when_folded_values_are(one: str, other: str) -> None:
    left, right = folded(CASELESS, one), folded(CASELESS, other)
    assert (left == right) == (key_of(left) == key_of(right))


@given(st.text(min_size=200, max_size=400), st.integers(1, 6))
def test_a_key_fits_and_keeps_equality(text: str, times: int) -> None:
    long = text * times
    assert len(key_of(long).encode()) <= LONGEST_KEY
    assert key_of(long) != key_of(long + "x")


def test_a_long_key_keeps_its_beginning() -> None:
    assert key_of("a" * 2_000)[:836] == "a" * 836
    assert key_of("a" * 900) == "a" * 900


@given(NUMBERS, NUMBERS)
def test_numbers_sort_as_numbers(one: float, other: float) -> None:
    left, right = folded(NUMBER, one), folded(NUMBER, other)
    assert (left < right) == (Decimal(str(one)) < Decimal(str(other)))
    assert (left == right) == (Decimal(str(one)) == Decimal(str(other)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(0, "1", id="zero"),
        pytest.param(-0.0, "1", id="minus-zero"),
        pytest.param(1, "2100001", id="one"),
        pytest.param(1.0, "2100001", id="one-as-decimal"),
        pytest.param(1500, "21000315", id="thousands"),
        pytest.param(Decimal("0.015"), "20999815", id="fraction"),
        pytest.param(-1500, "08999684~", id="negative"),
    ],
)
def test_a_number_folds_to_sign_exponent_and_digits(value: object, expected: str) -> None:
    assert folded(NUMBER, value) == expected


@pytest.mark.parametrize(
    "text",
    ["0.12345678901234567890", "9007199254740993.0", "123456789.123456789", "1e-400", "1.5"],
)
def test_a_number_in_a_filter_equals_the_same_text_in_a_body(text: str) -> None:
    assert folded(NUMBER, Decimal(text)) == folded(NUMBER, json.loads(text))


def test_a_number_in_a_filter_may_be_larger_than_any_in_a_body() -> None:
    assert folded(NUMBER, Decimal("1e400")) > folded(NUMBER, 1.7e308)
    assert folded(NUMBER, Decimal("-1e400")) < folded(NUMBER, -1.7e308)


@given(MOMENTS, MOMENTS)
def test_instants_sort_as_time_goes(one: datetime, other: datetime) -> None:
    left, right = folded(INSTANT, _written(one)), folded(INSTANT, _written(other))
    assert (left < right) == (one < other)
    assert (left == right) == (one == other)


def _written(moment: datetime) -> str:
    return moment.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2011-05-13T04:42:34Z", "2011-05-13T04:42:34.000000Z", id="utc"),
        pytest.param("2011-05-13T04:42:34", "2011-05-13T04:42:34.000000Z", id="no-offset"),
        pytest.param("2011-05-13T06:42:34.5+02:00", "2011-05-13T04:42:34.500000Z", id="offset"),
        pytest.param("2011-05-13T04:42:34.1234567Z", "2011-05-13T04:42:34.123456Z", id="fine"),
    ],
)
def test_an_instant_is_written_in_utc(text: str, expected: str) -> None:
    assert instant_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2011-05-13", id="date"),
        pytest.param("2011-05-13 04:42:34Z", id="blank"),
        pytest.param("2011-13-13T04:42:34Z", id="month-13"),
        pytest.param("2011-05-13T04:42Z", id="no-seconds"),
        pytest.param("0001-01-01T00:00:00+01:00", id="before-year-1"),
        pytest.param("٢٠١١-05-13T04:42:34Z", id="other-digits"),
    ],
)
def test_a_text_that_is_no_xsd_date_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an|outside|month"):
        instant_of(text)


def test_booleans_and_references_fold_to_themselves() -> None:
    assert folded(BOOLEAN, True) == "true"
    assert folded(BOOLEAN, False) == "false"
    assert folded(REFERENCE, "../Users/A") == "../Users/A"


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        pytest.param(CASELESS, 1, id="number-for-string"),
        pytest.param(NUMBER, "1", id="string-for-number"),
        pytest.param(INTEGER, True, id="boolean-for-integer"),
        pytest.param(BOOLEAN, "true", id="string-for-boolean"),
        pytest.param(NUMBER, float("nan"), id="not-a-number"),
    ],
)
def test_a_value_of_another_type_does_not_fold(attribute: Attribute, value: object) -> None:
    with pytest.raises(ValueError, match=r"expected a value|not a finite"):
        folded(attribute, value)


MARKS = "\u0300\u0316\u0327\u0345\u0344\u0f71\u0f73\u0f81\u3099\uff9e\uff9f\u1dce\u0483\U0001d16d"
"""Marks of many classes, and what becomes marks: in both forms (U+0F73), or in one (U+FF9E)."""
WITH_ROWS = st.lists(
    st.tuples(st.text(max_size=3), st.text(MARKS, max_size=4), st.integers(1, 120)), max_size=4
).map(lambda parts: "".join(before + marks * times for before, marks, times in parts))
CROOKED = "a" + "\u0301" * 200 + "\u0f73" * 200 + "\u0316" * 200 + "é\u0316" + "\uff9e" * 300


@given(WITH_ROWS)
@example(CROOKED)
def test_marks_in_a_row_are_composed_as_unicode_says(text: str) -> None:
    assert folded(EXACT, text) == unicodedata.normalize("NFC", text)
    assert folded(CASELESS, unicodedata.normalize("NFKD", text)) == folded(CASELESS, text)


@pytest.mark.parametrize("attribute", [CASELESS, EXACT], ids=["skeleton", "composed"])
@pytest.mark.parametrize("marks", ["\u0300|\u0316", "\u0f73"], ids=["two kinds", "one of two"])
def test_a_row_of_marks_costs_as_it_is_long(attribute: Attribute, marks: str) -> None:
    def seconds(length: int) -> float:
        parts = marks.split("|")
        with cpu() as spent:
            folded(attribute, "".join(["a", *(part * (length // len(parts)) for part in parts)]))
        return spent.seconds

    seconds(1_000)
    # 16 times as long: by the square 256 times the time.
    assert seconds(16_000) / seconds(1_000) < 100


def test_a_piece_of_a_string_keeps_its_surrounding_space() -> None:
    assert folded_part(CASELESS, "Ada ") == "ada "
    assert folded_part(EXACT, "Ada ") == "Ada "
    assert folded_part(REFERENCE, "A ") == "A "
