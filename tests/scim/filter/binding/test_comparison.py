"""Presence and comparison, joined by and, or and not."""

import pytest

from scim.errors import InvalidFilter
from scim.filter.binding.bound_tree import Bound, RelationPresent
from scim.filter.binding.comparison import Leaf, bound_of, comparison, refuse_secret
from scim.filter.parsing.parse import parse_filter
from scim.filter.parsing.tree import AttributePath, Comparison, Literal, Operator
from scim.profile import Profile, Tolerance
from scim.profile.shipped import shipped
from tests.scim.filter.things import EXTENSION, STRICT, THING, TOLERANT, bound_text, line
from tests.scim.filter.trees import cases

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def test_the_tolerances_of_all_terms_are_gathered() -> None:
    def leaf(term: Leaf) -> Bound:
        name = term.path.name
        tolerated = {"x": Tolerance.STRING_BOOLEAN, "y": Tolerance.COMPLEX_COMPARISON}.get(name)
        return Bound(
            RelationPresent(name), frozenset() if tolerated is None else frozenset({tolerated})
        )

    made = bound_of(parse_filter("(x pr or a pr) and not (y pr and b pr)").filter, leaf)
    assert line(made.tree) == "((x -> any | a -> any) & !(y -> any & b -> any))"
    assert made.tolerated == {Tolerance.STRING_BOOLEAN, Tolerance.COMPLEX_COMPARISON}


@pytest.mark.parametrize(
    ("operator", "literal", "expected"),
    [
        (Operator.EQ, "X", "title eq 'x'"),
        (Operator.NE, "X", "!title eq 'x'"),
        (Operator.CO, "X", "title co 'x'"),
        (Operator.EQ, None, "!title pr"),
        (Operator.NE, None, "title pr"),
    ],
)
def test_a_comparison_is_bound_by_operator_and_literal(
    operator: Operator, literal: Literal, expected: str
) -> None:
    ref = THING.named("title")
    assert ref is not None
    term = Comparison(AttributePath(None, "title"), operator, literal)
    assert line(comparison(ref, term, STRICT).tree) == expected


def test_a_secret_value_does_not_stand_for_its_complex_attribute() -> None:
    ref = THING.named("locks")
    assert ref is not None
    path = AttributePath(None, "locks")
    refuse_secret(ref, path)
    with pytest.raises(InvalidFilter, match="'locks' is never returned"):
        comparison(ref, Comparison(path, Operator.EQ, "x"), TOLERANT)


@pytest.mark.parametrize(
    "condition",
    [
        "pr",
        *(f'{operator} "a"' for operator in ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")),
        "eq null",
    ],
)
@pytest.mark.parametrize(
    "template",
    [
        "password {}",
        "PASSWORD {}",
        f"{CORE}:password {{}}",
        "not (password {})",
        "title pr or password {}",
    ],
)
def test_a_password_is_no_oracle(template: str, condition: str) -> None:
    with pytest.raises(InvalidFilter, match="is never returned and cannot be used in a filter"):
        bound_text("User", template.format(condition))


@pytest.mark.parametrize(
    "text",
    [
        'secret eq "x"',
        "pin pr",
        'parts.key eq "x"',
        'parts[key eq "x"]',
        'locks eq "x"',
        'locks.value sw "x"',
        'locks[value eq "x"]',
        f"{EXTENSION}:hidden pr",
        "hidden pr",
    ],
)
def test_a_filter_on_a_value_that_is_never_returned_is_refused(text: str) -> None:
    with pytest.raises(InvalidFilter, match="is never returned and cannot be used in a filter"):
        bound_text("Thing", text)


@pytest.mark.parametrize(
    ("type_name", "text", "expected", "tolerance"),
    [
        pytest.param(
            "User",
            f'{ENTERPRISE}:manager eq "m"',
            f"{ENTERPRISE}:manager.value eq 'm'",
            Tolerance.COMPLEX_COMPARISON,
            id="complex-in-extension",
        ),
        pytest.param(
            "User",
            'department eq "Tour"',
            f"{ENTERPRISE}:department eq 'tour'",
            Tolerance.SHORT_EXTENSION_NAME,
            id="short",
        ),
        pytest.param(
            "User",
            "DEPARTMENT pr",
            f"{ENTERPRISE}:department pr",
            Tolerance.SHORT_EXTENSION_NAME,
            id="short-in-any-case",
        ),
        pytest.param(
            "User",
            'manager.value eq "m"',
            f"{ENTERPRISE}:manager.value eq 'm'",
            Tolerance.SHORT_EXTENSION_NAME,
            id="short-sub",
        ),
        pytest.param(
            "User",
            'active eq "True"',
            "active eq 'true'",
            Tolerance.STRING_BOOLEAN,
            id="string-boolean",
        ),
        pytest.param(
            "User",
            'roles[primary eq "FALSE"]',
            "roles[!roles.primary eq 'true']",
            Tolerance.STRING_BOOLEAN,
            id="string-boolean-in-brackets",
        ),
    ],
)
def test_a_tolerance_that_binding_needs_is_named_and_can_be_switched_off(
    type_name: str, text: str, expected: str, tolerance: Tolerance
) -> None:
    made = bound_text(type_name, text)
    assert line(made.tree) == expected
    assert made.tolerated == {tolerance}
    without = Profile(name="without", tolerances=TOLERANT.tolerances - {tolerance})
    with pytest.raises(InvalidFilter):
        bound_text(type_name, text, without)


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        ("User", 'emails eq "A@x"', "emails.value eq 'a@x'"),
        ("User", 'emails co "example.com"', "emails.value co 'example.com'"),
        ("User", 'emails ne "a"', "(emails.value ne 'a' | !emails.value eq 'a')"),
        ("Group", 'members eq "u"', "members -> u"),
        ("User", 'groups ne "g"', "!groups <- only g"),
    ],
)
def test_several_complex_values_are_compared_by_their_value_without_a_tolerance(
    type_name: str, text: str, expected: str
) -> None:
    assert line(bound_text(type_name, text, STRICT).tree) == expected


@pytest.mark.parametrize(
    "row", [case for case in cases("filters.json") if str(case.id).startswith("rfc-")]
)
def test_the_filters_that_rfc_7644_shows_are_accepted_by_the_profile_rfc(
    row: dict[str, str],
) -> None:
    assert bound_text("User", row["text"], shipped("rfc")).tolerated == frozenset()


def test_entra_s_filter_on_the_manager_needs_two_tolerances() -> None:
    made = bound_text("User", 'id eq "1" and manager eq "2"')
    assert line(made.tree) == f"(id eq '1' & {ENTERPRISE}:manager.value eq '2')"
    assert made.tolerated == {Tolerance.SHORT_EXTENSION_NAME, Tolerance.COMPLEX_COMPARISON}
