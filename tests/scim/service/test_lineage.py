"""A filter by group finds who is in it directly, and who is in a group inside it."""

import pytest

from scim.errors import TooMany
from scim.service.bounds import Bounds
from tests.fakes.endpoint import Deployment, names_in
from tests.fakes.observed import ObservedDirectory


@pytest.fixture(name="deployment")
def _deployment() -> Deployment:
    return Deployment(ObservedDirectory())


@pytest.fixture(name="groups")
def _groups(deployment: Deployment) -> dict[str, str]:
    """A tree of groups: carl at the bottom, bert in the middle, anna at the top, dora in none."""
    people = {name: deployment.user(name) for name in ("anna", "bert", "carl", "dora")}
    bottom = deployment.group("bottom", people["carl"])
    middle = deployment.group("middle", people["bert"], bottom)
    top = deployment.group("top", people["anna"], middle)
    return {"bottom": bottom, "middle": middle, "top": top, **people}


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("bottom", ["carl"]),
        ("middle", ["bert", "carl"]),
        ("top", ["anna", "bert", "carl"]),
    ],
)
@pytest.mark.parametrize(
    "form", ['groups.value eq "{0}"', 'groups[value eq "{0}"]', 'groups eq "{0}"']
)
def test_whoever_is_below_is_found(
    deployment: Deployment, groups: dict[str, str], group: str, names: list[str], form: str
) -> None:
    found = deployment.search("User", filter=form.format(groups[group]))
    assert sorted(map(str, names_in(found))) == names
    assert found.total == len(names)


def test_whoever_is_not_below_is_found_by_the_negation(
    deployment: Deployment, groups: dict[str, str]
) -> None:
    found = deployment.search("User", filter=f'not (groups.value eq "{groups["middle"]}")')
    assert sorted(map(str, names_in(found))) == ["anna", "dora"]


@pytest.mark.parametrize(
    ("user", "group", "total"),
    [("carl", "top", 1), ("carl", "bottom", 1), ("anna", "middle", 0), ("dora", "top", 0)],
)
def test_whether_one_is_below_is_looked_up_from_below(
    deployment: Deployment, groups: dict[str, str], user: str, group: str, total: int
) -> None:
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    text = f'id eq "{groups[user]}" and groups.value eq "{groups[group]}"'
    assert deployment.search("User", filter=text, attributes=("id",)).total == total
    assert "edges" not in deployment.directory.asked


def test_groups_are_found_by_the_groups_they_are_in(
    deployment: Deployment, groups: dict[str, str]
) -> None:
    found = deployment.search("Group", filter=f'groups.value eq "{groups["top"]}"')
    assert sorted(map(str, names_in(found))) == ["bottom", "middle"]


def test_where_nothing_is_nested_one_look_tells(deployment: Deployment) -> None:
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    found = deployment.search("User", filter=f'groups.value eq "{group}"', attributes=("id",))
    assert found.total == 1
    assert deployment.directory.asked[0] == "is_nested"
    assert "read_latest" not in deployment.directory.asked


def test_filters_that_ask_for_no_group_look_for_none(
    deployment: Deployment, groups: dict[str, str]
) -> None:
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    deployment.search("User", filter='userName eq "anna"', attributes=("id",))
    assert "is_nested" not in deployment.directory.asked


def test_more_below_than_may_be_read_is_too_many() -> None:
    deployment = Deployment(bounds=Bounds(scanned=2))
    inner = deployment.group("inner", *[deployment.user(f"u{n}") for n in range(2)])
    outer = deployment.group("outer", inner)
    with pytest.raises(TooMany, match="lie below this Group"):
        deployment.search("User", filter=f'groups.value eq "{outer}"')
