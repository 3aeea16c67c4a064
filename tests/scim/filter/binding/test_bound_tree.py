"""How bound filters are put together."""

import pytest

from scim.filter.binding.bound_tree import (
    ALWAYS,
    NEVER,
    AnyValue,
    IdIn,
    RelationPresent,
    Tree,
    all_of,
    any_of,
    comparisons_in_tree,
    negated,
)
from tests.scim.filter.things import THING, line

_A, _B, _C = RelationPresent("a"), RelationPresent("b"), IdIn(frozenset({"c"}))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (all_of([]), "true"),
        (any_of([]), "false"),
        (all_of([_A]), "a -> any"),
        (any_of([_A]), "a -> any"),
        (all_of([_A, all_of([_B, _C])]), "(a -> any & b -> any & id in ['c'])"),
        (any_of([any_of([_A, _B]), _C]), "(a -> any | b -> any | id in ['c'])"),
        (all_of([_A, any_of([_B, _C])]), "(a -> any & (b -> any | id in ['c']))"),
        (all_of([_A, ALWAYS]), "a -> any"),
        (all_of([_A, NEVER]), "false"),
        (any_of([_A, ALWAYS]), "true"),
        (any_of([_A, NEVER]), "a -> any"),
        (negated(_A), "!a -> any"),
        (negated(negated(_A)), "a -> any"),
        (negated(ALWAYS), "false"),
        (negated(NEVER), "true"),
    ],
)
def test_trees_are_flat_and_hold_no_needless_constants(tree: Tree, expected: str) -> None:
    assert line(tree) == expected


def test_terms_of_a_value_filter_count_one_by_one() -> None:
    parts = THING.named("parts")
    assert parts is not None
    tree = all_of([_A, negated(AnyValue(parts, any_of([_A, _B, _C]))), any_of([_B, _C])])
    assert comparisons_in_tree(tree) == 6
