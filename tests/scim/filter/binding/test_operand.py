"""Operators and literals against the type of an attribute."""

import pytest

from scim.errors import InvalidFilter
from scim.filter.binding.comparison import operand_of, refuse_operator
from scim.filter.parsing.tree import AttributePath, Comparison, Literal, Operator
from scim.profile import Tolerance
from scim.resource.fold import folded
from scim.schema.schema import Attribute, AttributeType
from tests.scim.filter.things import STRICT, TOLERANT, bound_text

_EQUALITY = {Operator.EQ, Operator.NE}
_ORDER = {Operator.GT, Operator.GE, Operator.LT, Operator.LE}


@pytest.mark.parametrize(
    ("of_type", "expected"),
    [
        (AttributeType.STRING, set(Operator)),
        (AttributeType.REFERENCE, set(Operator)),
        (AttributeType.BOOLEAN, _EQUALITY),
        (AttributeType.BINARY, _EQUALITY),
        (AttributeType.INTEGER, _EQUALITY | _ORDER),
        (AttributeType.DECIMAL, _EQUALITY | _ORDER),
        (AttributeType.DATE_TIME, _EQUALITY | _ORDER),
    ],
)
def test_each_type_has_its_operators(of_type: AttributeType, expected: set[Operator]) -> None:
    assert {each for each in Operator if _is_possible(of_type, each)} == expected


def _is_possible(of_type: AttributeType, operator: Operator) -> bool:
    try:
        refuse_operator(
            Attribute("a", of_type), Comparison(AttributePath(None, "a"), operator, "x")
        )
    except InvalidFilter:
        return False
    return True


@pytest.mark.parametrize(
    ("type_name", "text", "detail"),
    [
        pytest.param(
            "User",
            "active gt true",
            "'active' is of type boolean, which has no 'gt'; possible are eq, ne and pr",
            id="boolean-order",
        ),
        pytest.param(
            "User",
            'active co "tr"',
            "'active' is of type boolean, which has no 'co'; possible are eq, ne and pr",
            id="boolean-part",
        ),
        pytest.param(
            "Thing",
            'seal lt "QQ=="',
            "'seal' is of type binary, which has no 'lt'; possible are eq, ne and pr",
            id="binary-order",
        ),
        pytest.param(
            "Thing",
            'seal sw "Q"',
            "'seal' is of type binary, which has no 'sw'; possible are eq, ne and pr",
            id="binary-part",
        ),
        pytest.param(
            "Thing",
            'born sw "2011"',
            "'born' is of type dateTime, which has no 'sw'; possible are eq, ne, gt, ge, lt, le and pr",
            id="date-time-part",
        ),
        pytest.param(
            "Thing",
            "count ew 5",
            "'count' is of type integer, which has no 'ew'; possible are eq, ne, gt, ge, lt, le and pr",
            id="integer-part",
        ),
        pytest.param(
            "Thing",
            "ratio co 5",
            "'ratio' is of type decimal, which has no 'co'; possible are eq, ne, gt, ge, lt, le and pr",
            id="decimal-part",
        ),
        pytest.param(
            "User",
            "userName eq 5",
            "'userName' is compared with a number; expected a string in quotation marks",
            id="string-number",
        ),
        pytest.param(
            "User",
            "userName eq true",
            "'userName' is compared with a boolean; expected a string in quotation marks",
            id="string-boolean",
        ),
        pytest.param(
            "User",
            'active eq "yes"',
            "'active' is compared with a string; expected true or false",
            id="boolean-other-string",
        ),
        pytest.param(
            "User",
            "active eq 1",
            "'active' is compared with a number; expected true or false",
            id="boolean-number",
        ),
        pytest.param(
            "Thing",
            'count eq "5"',
            "'count' is compared with a string; expected a number",
            id="integer-string",
        ),
        pytest.param(
            "Thing",
            "count eq true",
            "'count' is compared with a boolean; expected a number",
            id="integer-boolean",
        ),
        pytest.param(
            "Thing",
            'born gt "yesterday"',
            "'born' is compared with a string; expected a time such as \"2011-05-13T04:42:34Z\"",
            id="no-date-time",
        ),
        pytest.param(
            "Thing",
            "born gt 2011",
            "'born' is compared with a number; expected a time such as \"2011-05-13T04:42:34Z\"",
            id="date-time-number",
        ),
        pytest.param(
            "Thing",
            "seal eq 1",
            "'seal' is compared with a number; expected a base64 string in quotation marks",
            id="binary-number",
        ),
        pytest.param(
            "Thing",
            "site eq 1",
            "'site' is compared with a number; expected a URI in quotation marks",
            id="reference-number",
        ),
    ],
)
def test_a_mistyped_comparison_is_refused_with_what_was_expected(
    type_name: str, text: str, detail: str
) -> None:
    with pytest.raises(InvalidFilter) as refused:
        bound_text(type_name, text, STRICT)
    assert refused.value.detail == detail


@pytest.mark.parametrize(
    ("attribute", "operator", "literal", "expected"),
    [
        pytest.param(Attribute("a"), Operator.EQ, " Ab ", "ab", id="whole-string"),
        pytest.param(Attribute("a"), Operator.SW, " Ab ", " ab ", id="part-keeps-white-space"),
        pytest.param(Attribute("a", case_exact=True), Operator.EQ, "Ab", "Ab", id="case-exact"),
        pytest.param(
            Attribute("a", AttributeType.BOOLEAN), Operator.EQ, "TRUE", "true", id="string-boolean"
        ),
        pytest.param(Attribute("a", AttributeType.STRING), Operator.EQ, 7, "7", id="string-number"),
        pytest.param(
            Attribute("a", AttributeType.INTEGER),
            Operator.EQ,
            "7",
            folded(Attribute("a", AttributeType.INTEGER), 7),
            id="number-in-text",
        ),
        pytest.param(
            Attribute("a", AttributeType.REFERENCE), Operator.CO, "HTTP", "HTTP", id="reference"
        ),
        pytest.param(
            Attribute("a", AttributeType.DATE_TIME),
            Operator.GT,
            "2020-01-01T00:00:00+01:00",
            "2019-12-31T23:00:00.000000Z",
            id="date-time",
        ),
    ],
)
def test_an_operand_is_folded_as_the_values_are(
    attribute: Attribute, operator: Operator, literal: Literal, expected: str
) -> None:
    term = Comparison(AttributePath(None, "a"), operator, literal)
    assert operand_of(attribute, term, TOLERANT).folded == expected


def test_a_refusal_does_not_repeat_the_literal() -> None:
    with pytest.raises(InvalidFilter) as refused:
        bound_text("User", 'active eq "alice@example.com"')
    assert "alice" not in refused.value.detail


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2011-05-13T06:42:34 02:00", "2011-05-13T06:42:34+02:00"),
        ("2011-05-13T04:42:34.5 00:00", "2011-05-13T04:42:34.500Z"),
    ],
)
def test_a_blank_stands_for_the_plus_of_an_offset_where_that_is_tolerated(
    sent: str, meant: str
) -> None:
    born = Attribute("born", AttributeType.DATE_TIME)
    term = Comparison(AttributePath(None, "born"), Operator.GT, sent)
    found = operand_of(born, term, TOLERANT)
    assert (found.folded, found.tolerated) == (folded(born, meant), {Tolerance.UNESCAPED_PLUS})
    with pytest.raises(InvalidFilter, match="expected a time"):
        operand_of(born, term, STRICT)


def test_a_certificate_in_lines_is_compared_as_it_is_stored_where_that_is_tolerated() -> None:
    seal = Attribute("seal", AttributeType.BINARY)
    in_lines, at_once = (
        Comparison(AttributePath(None, "seal"), Operator.EQ, text)
        for text in ("TUlJ\r\n  RFE=\n", "TUlJRFE=")
    )
    operand = operand_of(seal, in_lines, TOLERANT)
    assert (operand.folded, operand.tolerated) == ("TUlJRFE=", {Tolerance.WRAPPED_BINARY})
    assert operand_of(seal, at_once, TOLERANT).tolerated == frozenset()
    assert operand_of(seal, in_lines, STRICT).folded == in_lines.value


@pytest.mark.parametrize("sent", ["2011-05-13 04:42", "2011-05-13T04:42:34 02:00 ", "T 02:00"])
def test_any_other_blank_in_a_time_is_refused(sent: str) -> None:
    term = Comparison(AttributePath(None, "born"), Operator.GT, sent)
    with pytest.raises(InvalidFilter, match="expected a time"):
        operand_of(Attribute("born", AttributeType.DATE_TIME), term, TOLERANT)
