"""Steps on a relation, and their net effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.filter.parsing.tree import AttributePath, Present
from scim.patch.relation import (
    AddTargets,
    RelationIntent,
    RelationStep,
    RemoveAll,
    RemoveMatching,
    RemoveTargets,
    ReplaceTargets,
    folded_steps,
)

A, B = {"value": "a"}, {"value": "b"}


def add(*values: dict[str, str]) -> AddTargets:
    return AddTargets("members", values)


def remove(*ids: str) -> RemoveTargets:
    return RemoveTargets("members", ids)


def replace(*values: dict[str, str]) -> ReplaceTargets:
    return ReplaceTargets("members", values)


@pytest.mark.parametrize(
    ("steps", "starts_empty", "added", "removed"),
    [
        pytest.param([], False, {}, set(), id="nothing"),
        pytest.param([add(A, B)], False, {"a": A, "b": B}, set(), id="added"),
        pytest.param([add(A), add(A)], False, {"a": A}, set(), id="added twice"),
        pytest.param([remove("a")], False, {}, {"a"}, id="removed"),
        pytest.param([add(A), remove("a")], False, {}, {"a"}, id="added and removed"),
        pytest.param([remove("a"), add(A)], False, {"a": A}, set(), id="removed and added"),
        pytest.param([replace(A)], True, {"a": A}, set(), id="replaced"),
        pytest.param([replace(A), remove("a", "c")], True, {}, set(), id="replaced and removed"),
        pytest.param([add(B), replace(A)], True, {"a": A}, set(), id="added and replaced"),
        pytest.param([remove("b"), replace(A)], True, {"a": A}, set(), id="removed and replaced"),
        pytest.param([RemoveAll("members")], True, {}, set(), id="emptied"),
        pytest.param([RemoveAll("members"), add(A)], True, {"a": A}, set(), id="emptied and added"),
        pytest.param([RemoveAll("owners"), add(A)], False, {"a": A}, set(), id="of another"),
    ],
)
def test_steps_have_a_net_effect(
    steps: list[RelationStep],
    starts_empty: bool,
    added: dict[str, dict[str, str]],
    removed: set[str],
) -> None:
    expected = RelationIntent("members", starts_empty, added, frozenset(removed))
    assert folded_steps("members", steps) == expected


def test_the_last_of_equal_values_is_the_one_kept() -> None:
    intent = folded_steps("members", [add({**A, "display": "1"}), add({**A, "display": "2"})])
    assert intent.added == {"a": {**A, "display": "2"}}


def test_the_effect_of_a_filter_is_not_known_without_looking() -> None:
    step = RemoveMatching("members", Present(AttributePath(None, "type")))
    with pytest.raises(ValueError, match="members"):
        folded_steps("members", [step])


IDS = st.sampled_from("abcd")
STEPS = st.lists(
    st.one_of(
        st.lists(IDS).map(lambda ids: add(*({"value": id_} for id_ in ids))),
        st.lists(IDS).map(lambda ids: remove(*ids)),
        st.lists(IDS).map(lambda ids: replace(*({"value": id_} for id_ in ids))),
        st.just(RemoveAll("members")),
    ),
    max_size=6,
)


@given(st.sets(IDS), STEPS)
def test_the_net_effect_is_that_of_the_steps_one_by_one(
    held: set[str], steps: list[RelationStep]
) -> None:
    played = set(held)
    for step in steps:
        match step:
            case AddTargets(_, values):
                played |= {str(value["value"]) for value in values}
            case RemoveTargets(_, ids):
                played -= set(ids)
            case ReplaceTargets(_, values):
                played = {str(value["value"]) for value in values}
            case _:
                played = set()
    intent = folded_steps("members", steps)
    left = set() if intent.starts_empty else held - intent.removed
    assert left | intent.added.keys() == played
    assert intent.added.keys().isdisjoint(intent.removed)
