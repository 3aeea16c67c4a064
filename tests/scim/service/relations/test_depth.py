"""The depth of nested groups is limited, from whichever end they grow."""

import pytest

from scim.errors import InvalidValue
from scim.resource.record import Key, Stale
from scim.service.endpoint import Bounds
from scim.service.relations import depth
from scim.service.relations.depth import levels
from tests.fakes.endpoint import FakeDeployment
from tests.fakes.observed import ObservedDirectory

DEEPEST = 4
TOO_DEEP = "Groups would lie more than 4 levels deep"


def _chain(deployment: FakeDeployment, length: int, name: str = "g") -> list[str]:
    """Make groups in each other, the innermost first."""
    groups = [deployment.group(f"{name}0")]
    for level in range(1, length):
        groups.append(deployment.group(f"{name}{level}", groups[-1]))
    return groups


@pytest.fixture
def deployment() -> FakeDeployment:
    return FakeDeployment(bounds=Bounds(nesting=DEEPEST))


def test_a_new_group_around_the_deepest_is_refused(deployment: FakeDeployment) -> None:
    groups = _chain(deployment, DEEPEST + 1)
    with pytest.raises(InvalidValue, match=TOO_DEEP):
        deployment.group("one more", groups[-1])


def test_a_group_inside_the_deepest_is_refused(deployment: FakeDeployment) -> None:
    groups = _chain(deployment, DEEPEST + 1)
    inner = deployment.group("inner")
    with pytest.raises(InvalidValue, match=TOO_DEEP):
        deployment.add(groups[0], inner)
    assert deployment.member_ids(groups[0]) == []


@pytest.mark.parametrize(("above", "below"), [(1, 4), (2, 3), (3, 2), (4, 1)])
def test_two_chains_are_joined_where_both_together_are_short_enough(
    deployment: FakeDeployment, above: int, below: int
) -> None:
    upper, lower = _chain(deployment, above, "u"), _chain(deployment, below, "l")
    deployment.add(upper[0], lower[-1])
    assert deployment.member_ids(upper[0]) == [lower[-1]]


@pytest.mark.parametrize(("above", "below"), [(1, 5), (3, 3), (5, 1)])
def test_two_chains_too_long_together_are_not_joined(
    deployment: FakeDeployment, above: int, below: int
) -> None:
    upper, lower = _chain(deployment, above, "u"), _chain(deployment, below, "l")
    with pytest.raises(InvalidValue, match=TOO_DEEP):
        deployment.add(upper[0], lower[-1])


def test_the_longest_of_several_ways_counts(deployment: FakeDeployment) -> None:
    groups = _chain(deployment, DEEPEST)
    # The innermost is in the outermost directly, too, which makes no way shorter.
    deployment.add(groups[-1], groups[0])
    top = deployment.group("top", groups[-1])
    with pytest.raises(InvalidValue, match=TOO_DEEP):
        deployment.group("one more", top)


def test_a_user_may_be_in_the_deepest_group(deployment: FakeDeployment) -> None:
    groups = _chain(deployment, DEEPEST + 1)
    anna = deployment.user("anna")
    deployment.add(groups[0], anna)
    assert len(deployment.shown("User", anna)["groups"]) == DEEPEST + 1


def test_a_group_with_too_many_below_it_is_not_put_into_another(
    deployment: FakeDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depth, "MOST_BELOW", 2)
    anna = deployment.user("anna")
    filled = [deployment.group(f"g{i}", anna) for i in range(2)]
    top = deployment.group("top", *filled)
    with pytest.raises(InvalidValue, match="more than 2 others below it"):
        deployment.group("outer", top)


def test_each_group_is_read_once() -> None:
    following = {Key("G", "a"): [Key("G", "b"), Key("G", "c")], Key("G", "b"): [Key("G", "c")]}
    asked: list[Key] = []

    def read(keys: object) -> dict[Key, list[Key]]:
        assert isinstance(keys, list)
        asked.extend(keys)
        return {key: following.get(key, []) for key in keys}

    assert levels([Key("G", "a")], read, 9) == 2
    assert asked == sorted(set(asked))


def test_a_circle_is_taken_for_an_inconsistent_read() -> None:
    following = {Key("G", "a"): [Key("G", "b")], Key("G", "b"): [Key("G", "a")]}
    with pytest.raises(Stale):
        levels([Key("G", "a")], lambda keys: {key: following[key] for key in keys}, 50)


def test_groups_side_by_side_are_read_side_by_side() -> None:
    deployment = FakeDeployment(ObservedDirectory())
    inside = [deployment.group(f"in{n}", deployment.user(f"user{n}")) for n in range(30)]
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    deployment.group("top", *inside)
    assert deployment.directory.asked.count("edges_of") == 2
    assert not {"ids", "edges"} & {*deployment.directory.asked}
