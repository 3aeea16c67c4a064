"""Values compiled to plain JSON come back equal, each dataclass once."""

import json
from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from scim.compiled import PlainRows, Values, compiled


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    name: str
    colour: Colour | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...] = ()
    best: Leaf | None = None
    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)


LEAF = Leaf("a", Colour.RED, frozenset({"x", "y"}))


def _again(value: object) -> object:
    return Values(Colour, Leaf, Tree).of(json.loads(json.dumps(PlainRows().of(value))))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        "text",
        (),
        (1, ("a",)),
        frozenset({"a"}),
        {"a": (1, None)},
        Colour.RED,
        LEAF,
        Tree((LEAF, Leaf("b")), LEAF, {"n": (1, 2)}),
        Tree(),
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    assert _again(value) == value
    assert type(_again(value)) is type(value)


def test_shared_objects_are_shared_again() -> None:
    tree = _again(Tree((LEAF, LEAF), LEAF))
    assert isinstance(tree, Tree)
    assert tree.leaves[0] is tree.leaves[1] is tree.best


def test_defaults_take_no_room() -> None:
    assert PlainRows().of(Tree()) == ["v", "Tree", {}]


def test_an_object_that_is_not_plain_data_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be compiled"):
        PlainRows().of(object())


def test_a_plain_checkout_has_nothing_compiled() -> None:
    assert compiled("no-such-thing") is None
