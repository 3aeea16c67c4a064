"""A filter by group finds its members and those of groups inside it."""

from dataclasses import replace

import pytest

from scim.errors import TooMany
from scim.resource.access_path import RecordPage
from scim.resource.record import Link
from scim.service.endpoint import Bounds
from scim.service.messages import Query
from scim.service.query import nested_members
from scim.service.query.search import search
from tests.fakes.endpoint import FakeDeployment, names_in
from tests.fakes.observed import ObservedDirectory


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    return FakeDeployment(ObservedDirectory())


@pytest.fixture(name="groups")
def _groups(deployment: FakeDeployment) -> dict[str, str]:
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
def test_members_of_nested_groups_are_found(
    deployment: FakeDeployment, groups: dict[str, str], group: str, names: list[str], form: str
) -> None:
    found = deployment.search("User", filter=form.format(groups[group]))
    assert sorted(map(str, names_in(found))) == names
    assert found.total == len(names)


def test_the_negation_finds_everybody_outside_the_nested_groups(
    deployment: FakeDeployment, groups: dict[str, str]
) -> None:
    found = deployment.search("User", filter=f'not (groups.value eq "{groups["middle"]}")')
    assert sorted(map(str, names_in(found))) == ["anna", "dora"]


@pytest.mark.parametrize(
    ("user", "group", "total"),
    [("carl", "top", 1), ("carl", "bottom", 1), ("anna", "middle", 0), ("dora", "top", 0)],
)
def test_a_filter_with_an_id_is_answered_from_the_member_upwards(
    deployment: FakeDeployment, groups: dict[str, str], user: str, group: str, total: int
) -> None:
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    text = f'id eq "{groups[user]}" and groups.value eq "{groups[group]}"'
    assert deployment.search("User", filter=text, attributes=("id",)).total == total
    assert "edges" not in deployment.directory.asked


def test_groups_are_found_by_the_groups_they_are_in(
    deployment: FakeDeployment, groups: dict[str, str]
) -> None:
    found = deployment.search("Group", filter=f'groups.value eq "{groups["top"]}"')
    assert sorted(map(str, names_in(found))) == ["bottom", "middle"]


def test_many_groups_inside_are_read_side_by_side(deployment: FakeDeployment) -> None:
    inside = [deployment.group(f"in{n:02d}", deployment.user(f"user{n:02d}")) for n in range(60)]
    top = deployment.group("top", *inside)
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    assert deployment.search("User", filter=f'groups.value eq "{top}"', count=1).total == 60
    assert deployment.directory.asked.count("edges_of") == 1 + 3
    assert "edges" not in deployment.directory.asked


def test_without_nested_groups_one_read_is_enough(deployment: FakeDeployment) -> None:
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    found = deployment.search("User", filter=f'groups.value eq "{group}"', attributes=("id",))
    assert found.total == 1
    assert deployment.directory.asked[0] == "is_nested"
    assert "read_latest" not in deployment.directory.asked


def test_filters_that_ask_for_no_group_look_for_none(
    deployment: FakeDeployment, groups: dict[str, str]
) -> None:
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    deployment.search("User", filter='userName eq "anna"', attributes=("id",))
    assert "is_nested" not in deployment.directory.asked


def test_more_below_than_may_be_read_is_too_many() -> None:
    deployment = FakeDeployment(bounds=Bounds(scanned=2))
    inner = deployment.group("inner", *[deployment.user(f"u{n}") for n in range(2)])
    outer = deployment.group("outer", inner)
    deployment.group("another")
    with pytest.raises(TooMany, match="lie below this Group"):
        deployment.search("User", filter=f'groups.value eq "{outer}"')


def _crowded(monkeypatch: pytest.MonkeyPatch, *, few: int) -> FakeDeployment:
    """Users 1 to 4, then four groups with one of them each, each in the one before it."""
    monkeypatch.setattr(nested_members, "FEW", few)
    deployment = FakeDeployment(ObservedDirectory())
    users = [deployment.user(f"user{n}") for n in range(1, 5)]
    within: list[str] = []
    for number in (4, 3, 2, 1):
        within = [deployment.group(f"group{number}", users[number - 1], *within)]
    return deployment


@pytest.mark.parametrize("few", [0, 2, 3, 5, 100])
@pytest.mark.parametrize(
    ("number", "users", "groups"),
    [(1, [1, 2, 3, 4], [2, 3, 4]), (2, [2, 3, 4], [3, 4]), (3, [3, 4], [4]), (4, [4], [])],
)
def test_many_below_are_found_as_few_are(
    monkeypatch: pytest.MonkeyPatch, few: int, number: int, users: list[int], groups: list[int]
) -> None:
    deployment = _crowded(monkeypatch, few=few)
    (group,) = deployment.search("Group", filter=f'displayName eq "group{number}"').resources
    text = f'groups.value eq "{group["id"]}"'
    found = deployment.search("User", filter=text)
    assert names_in(found) == [f"user{n}" for n in users]
    assert found.total == len(users)
    pages = [deployment.search("User", filter=text, count=1, start_index=n + 1) for n in range(4)]
    assert [name for page in pages for name in names_in(page)] == names_in(found)
    others = deployment.search("User", filter=f"not ({text})")
    assert names_in(others) == [f"user{n}" for n in range(1, 5) if n not in users]
    inner = deployment.search("Group", filter=text, sort_by="displayName")
    assert names_in(inner) == [f"group{n}" for n in groups]


def test_members_of_a_deleted_nested_group_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for few in (0, 100):
        deployment = _crowded(monkeypatch, few=few)
        ids = {
            str(each["displayName"]): str(each["id"])
            for each in deployment.search("Group").resources
        }
        deployment.delete("Group", ids["group3"])
        found = deployment.search("User", filter=f'groups.value eq "{ids["group1"]}"')
        assert names_in(found) == ["user1", "user2"]


def test_a_circle_of_groups_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    # None is ever made, but what is read page by page may look like one for a moment.
    deployment = _crowded(monkeypatch, few=0)
    (top,) = deployment.search("Group", filter='displayName eq "group1"').resources
    (bottom,) = deployment.search("Group", filter='displayName eq "group4"').resources
    endpoint = deployment.endpoint("User")
    directory = deployment.directory

    class Circular:
        def __getattr__(self, name: str) -> object:
            return getattr(directory, name)

        def records(self, *arguments: object) -> RecordPage:
            found = directory.records(*arguments)  # type: ignore[arg-type]
            link = Link("Group", "members")
            records = [
                replace(each, links={link: frozenset({str(bottom["id"])})})
                if each.key.id == top["id"]
                else each
                for each in found.records
            ]
            return RecordPage(records, found.has_more)

    circular = replace(endpoint, directory=Circular())  # type: ignore[arg-type]
    found = search([circular], Query(filter=f'groups.value eq "{top["id"]}"'))
    assert found.total == 4


def test_a_page_of_many_below_reads_no_edge_that_it_does_not_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deployment = _crowded(monkeypatch, few=0)
    (group,) = deployment.search("Group", filter='displayName eq "group1"').resources
    query = {
        "filter": f'groups.value eq "{group["id"]}"',
        "attributes": ("id",),
        "is_explained": True,
    }
    found = deployment.search("User", **query)
    assert found.explanation is not None
    (plan,) = found.explanation["plans"]  # type: ignore[misc]
    assert plan["plan"] == "union"
    assert plan["of"] == [{"plan": "backLink", "attribute": "groups"}] * 4


@pytest.mark.parametrize(("constant", "value"), [("WIDE", 2), ("MANY_SOURCES", 3)])
def test_too_many_groups_to_ask_have_their_edges_read(
    monkeypatch: pytest.MonkeyPatch, constant: str, value: int
) -> None:
    monkeypatch.setattr(nested_members, constant, value)
    deployment = _crowded(monkeypatch, few=0)
    (group,) = deployment.search("Group", filter='displayName eq "group1"').resources
    query = {"filter": f'groups.value eq "{group["id"]}"', "is_explained": True}
    found = deployment.search("User", **query)
    assert found.total == 4
    assert found.explanation is not None
    (plan,) = found.explanation["plans"]  # type: ignore[misc]
    assert plan["plan"] == "ids"
