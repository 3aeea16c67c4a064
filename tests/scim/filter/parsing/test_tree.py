"""The trees of filters: their text, and what makes two of them equal."""

import dataclasses
from decimal import Decimal

import pytest

from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Not,
    Operator,
    Or,
    PatchPath,
    Present,
    ValuePath,
    conjunction_of,
    disjunction_of,
    literal_text,
)
from scim.profile import Tolerance

A, B, C = (Present(AttributePath(None, name)) for name in "abc")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Comparison(AttributePath(None, "a"), Operator.EQ, "x"), 'a eq "x"'),
        (A, "a pr"),
        (And((A, B, C)), "a pr and b pr and c pr"),
        (Or((And((A, B)), C)), "a pr and b pr or c pr"),
        (And((Or((A, B)), C)), "(a pr or b pr) and c pr"),
        (Or((A, Or((B, C)))), "a pr or (b pr or c pr)"),
        (And((A, And((B, C)))), "a pr and (b pr and c pr)"),
        (Not(Not(A)), "not (not (a pr))"),
        (ValuePath(AttributePath(None, "emails"), Or((A, B))), "emails[a pr or b pr]"),
    ],
    ids=str,
)
def test_a_filter_is_written_as_a_client_would_write_it(tree: Filter, text: str) -> None:
    assert str(tree) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (Decimal("1.50"), "1.50"),
        ("1", '"1"'),
        ('say "hé"\\\n', '"say \\"hé\\"\\\\\\n"'),
    ],
    ids=repr,
)
def test_a_value_is_written_as_json_writes_it(value: Literal, text: str) -> None:
    assert literal_text(value) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (AttributePath(None, "userName"), "userName"),
        (AttributePath(None, "name", "givenName"), "name.givenName"),
        (AttributePath("urn:x:2.0:User", "emails", "value"), "urn:x:2.0:User:emails.value"),
    ],
    ids=str,
)
def test_an_attribute_path_gives_the_clients_text_back(path: AttributePath, text: str) -> None:
    assert str(path) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PatchPath(AttributePath(None, "name", "givenName")), "name.givenName"),
        (PatchPath(AttributePath(None, "emails"), A), "emails[a pr]"),
        (PatchPath(AttributePath(None, "emails"), A, "value"), "emails[a pr].value"),
    ],
    ids=str,
)
def test_a_patch_path_is_written_with_its_filter_and_sub_attribute(
    path: PatchPath, text: str
) -> None:
    assert str(path) == text


def test_the_way_a_patch_path_was_typed_does_not_matter_to_its_equality() -> None:
    typed = PatchPath(AttributePath(None, "emails"), A, text="emails[ a  pr ]")
    assert typed == PatchPath(
        AttributePath(None, "emails"), A, tolerances=frozenset({Tolerance.UNQUOTED_LITERAL})
    )


def test_terms_of_the_same_kind_are_joined_flat() -> None:
    assert conjunction_of([A, And((B, C))]) == And((A, B, C))
    assert disjunction_of([Or((A, B)), C]) == Or((A, B, C))


def test_terms_of_the_other_kind_stay_as_they_are() -> None:
    assert conjunction_of([A, Or((B, C))]) == And((A, Or((B, C))))
    assert disjunction_of([And((A, B)), C]) == Or((And((A, B)), C))


def test_one_term_is_itself() -> None:
    assert conjunction_of([A]) == A
    assert disjunction_of([A]) == A


def test_a_tree_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        A.path = AttributePath(None, "b")  # type: ignore[misc]  # that it is refused is the point
