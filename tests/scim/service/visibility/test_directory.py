"""A directory seen through filters is one without the resources outside them.

Two deployments are asked the same: one holds everything and is seen through filters, its twin
never held what they leave out.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from scim.errors import Forbidden, NotFound, ScimError, TooMany, Uniqueness
from scim.resource.access_path import Direction, RelationTargets
from scim.resource.change import Deletion, Update
from scim.resource.record import Key, Link
from scim.service.endpoint import Bounds
from scim.service.messages import Precondition, Query
from scim.service.query.edge_search import search_edges
from scim.service.resources.edge import create_edge, delete_edge, id_of, read_edge
from scim.service.visibility import queries
from scim.service.visibility.directory import FilteredDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import ENTERPRISE_URN, FakeDeployment, names_in, projected
from tests.fakes.observed import ObservedDirectory

MEMBER_URN = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"
FILTERS = json.dumps(
    {"User": f'{ENTERPRISE_URN}:department eq "Sales"', "Group": 'displayName sw "sales-"'}
)
SALES: dict[str, Any] = {ENTERPRISE_URN: {"department": "Sales"}}
ELSEWHERE: dict[str, Any] = {ENTERPRISE_URN: {"department": "IT"}}
USERS = {"anna": True, "berta": True, "carl": True, "xaver": False, "yann": False, "zoe": False}
GROUPS: dict[str, tuple[bool, tuple[str, ...]]] = {
    "sales-north": (True, ("anna", "berta", "xaver")),
    "sales-south": (True, ("carl",)),
    "sales-hidden-only": (True, ("yann", "zoe")),
    "other": (False, ("anna", "xaver")),
    "sales-all": (True, ("sales-north", "other", "berta")),
    "sales-above-hidden": (True, ("other",)),
    "above": (False, ("sales-north", "sales-south")),
}


class World:
    """Users and groups by name, with the same ids in both deployments."""

    def __init__(self, *, is_twin: bool) -> None:
        self.whole = FakeDeployment()
        self.ids: dict[str, str] = {}
        inside = {name for name, is_inside in USERS.items() if is_inside}
        inside |= {name for name, (is_inside, _) in GROUPS.items() if is_inside}
        for name in USERS:
            more = SALES if name in inside else ELSEWHERE
            make = partial(self.whole.user, name, title=name[0], externalId=f"E-{name}", **more)
            self.ids[name] = make() if name in inside or not is_twin else self.whole.ids.new()
        for name, (_, members) in GROUPS.items():
            there = [self.ids[each] for each in members if each in inside or not is_twin]
            group = partial(self.whole.group, name, *there)
            self.ids[name] = group() if name in inside or not is_twin else self.whole.ids.new()
        self.seen = self.whole if is_twin else replace(self.whole, filters=FILTERS)


@pytest.fixture(name="world")
def _world() -> World:
    return World(is_twin=False)


@pytest.fixture(name="twin")
def _twin() -> World:
    return World(is_twin=True)


def played(world: World, act: Callable[[World], Any]) -> Any:
    """Return what came of it, a refusal included."""
    try:
        return act(world)
    except ScimError as error:
        return type(error), error.detail


def shown(type_name: str, name: str) -> Callable[[World], Any]:
    return lambda world: world.seen.shown(type_name, world.ids[name])


def found(*type_names: str, **query: Any) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        asked = dict(query)
        if "filter" in asked:
            asked["filter"] = asked["filter"].format(**world.ids)
        listing = world.seen.search(*type_names, **asked)
        resources = [dict(each) for each in listing.resources]
        if "start_index" in asked:
            return listing.total, len(resources)
        # An order that nobody asked for is that of the plan.
        by_id = (
            resources if "sort_by" in asked else sorted(resources, key=lambda each: str(each["id"]))
        )
        return listing.total, by_id

    return act


def edges(text: str | None = None, **query: Any) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        wanted = None if text is None else text.format(**world.ids)
        listing = search_edges(world.seen.endpoint("GroupMember"), Query(filter=wanted, **query))
        return listing.total, [dict(each) for each in listing.resources]

    return act


def edge(source: str, target: str) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        name = id_of(world.ids[source], world.ids[target])
        endpoint = world.seen.endpoint("GroupMember")
        return read_edge(endpoint, name, Precondition(), projected("GroupMember")).resource

    return act


def patched(name: str, **operation: Any) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        filled = json.loads(_filled(json.dumps(operation), world.ids))
        world.seen.modify("Group", world.ids[name], filled)
        return world.seen.shown("Group", world.ids[name])

    return act


def put(name: str, *members: str, **more: Any) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        values = [{"value": world.ids[each]} for each in members]
        body = {"displayName": name, "members": values, **more}
        world.seen.replace("Group", world.ids[name], body)
        return world.seen.shown("Group", world.ids[name])

    return act


def _filled(text: str, ids: dict[str, str]) -> str:
    for name, id_ in ids.items():
        text = text.replace(f"<{name}>", id_)
    return text


READS: dict[str, Callable[[World], Any]] = {
    **{f"user {name}": shown("User", name) for name in USERS},
    **{f"group {name}": shown("Group", name) for name in GROUPS},
    "all users": found("User"),
    "all groups": found("Group"),
    "everything": found("User", "Group"),
    "count only": found("User", "Group", count=0),
    "unique, hidden": found("User", filter='userName eq "xaver"'),
    "unique, hidden, counted": found("User", filter='userName eq "xaver"', count=0),
    "unique, seen": found("User", filter='userName eq "anna"', count=0),
    "index": found("User", filter='externalId sw "E-"'),
    "index counted": found("User", filter='externalId sw "E-"', count=0),
    "scan": found("User", filter="title pr"),
    "id": found("User", filter='id eq "{xaver}"'),
    "or": found("User", filter='id eq "{xaver}" or id eq "{anna}"'),
    "not": found("User", filter='not (title eq "a")'),
    "hidden department": found("User", filter=f'{ENTERPRISE_URN}:department eq "IT"'),
    "in a hidden group": found("User", filter='groups.value eq "{other}"'),
    "not in a hidden group": found("User", filter='not (groups.value eq "{other}")'),
    "in a group above": found("User", filter='groups.value eq "{above}"'),
    "in a group that nests": found("User", filter='groups.value eq "{sales-all}"'),
    "in a group above a hidden one": found("User", filter='groups.value eq "{sales-above-hidden}"'),
    "by the name of a hidden group": found("User", filter='groups.display eq "other"'),
    "not by the name of a hidden group": found("User", filter='groups.display ne "other"'),
    "in a hidden group, in brackets": found("User", filter='groups[display eq "other"]'),
    "directly in a hidden group": found(
        "User", filter='groups[value eq "{other}" and type eq "direct"]'
    ),
    "another group than a hidden one": found("User", filter='groups.value ne "{other}"'),
    "in any group": found("User", filter="groups pr"),
    "in no group": found("User", filter="not (groups pr)"),
    "groups of a hidden": found("Group", filter='members.value eq "{xaver}"'),
    "groups of a hidden, in brackets": found(
        "Group", filter='members[value eq "{xaver}" and type eq "User"]'
    ),
    "groups of users": found("Group", filter='members.type eq "User"'),
    "groups of groups": found("Group", filter='members.type eq "Group"'),
    "groups of another than a hidden": found("Group", filter='members.value ne "{xaver}"'),
    "groups of a seen": found("Group", filter='members.value eq "{anna}"'),
    "groups without a hidden": found("Group", filter='not (members.value eq "{xaver}")'),
    "groups with members": found("Group", filter="members pr"),
    "groups without members": found("Group", filter="not (members pr)"),
    "groups with members, by name": found("Group", filter='members pr and displayName co "h"'),
    "groups by name": found("Group", filter='displayName eq "other"'),
    "groups in groups": found("Group", filter='groups.value eq "{sales-all}"'),
    "sorted by an index": found("User", sort_by="userName", sort_order="descending"),
    "sorted otherwise": found("User", sort_by="title"),
    "sorted with both": found("User", "Group", sort_by="id"),
    "second page": found("User", start_index=2, count=1),
    "a page of all": found("User", "Group", start_index=3, count=3),
    "without members": found("Group", excluded_attributes=("members",)),
    "metadata": found("Group", attributes=("membersMetadata",)),
    "edges": edges(),
    "edges paged": edges(start_index=2, count=2),
    "edges of a seen": edges('group.value eq "{sales-north}"'),
    "edges of a hidden": edges('group.value eq "{other}"'),
    "edges of one with hidden members only": edges('group.value eq "{sales-hidden-only}"'),
    "edges to a seen": edges('member.value eq "{anna}"'),
    "edges to a hidden": edges('member.value eq "{xaver}"'),
    "edge between": edges('group.value eq "{sales-north}" and member.value eq "{xaver}"'),
    "edge counted": edges('group.value eq "{sales-north}"', count=0),
    "edge": edge("sales-north", "anna"),
    "edge to a hidden": edge("sales-north", "xaver"),
    "edge of a hidden": edge("other", "anna"),
}
WRITES: dict[str, Callable[[World], Any]] = {
    "patch of a hidden": patched("other", op="replace", path="displayName", value="sales-x"),
    "hidden to be added": patched("sales-south", op="add", path="members", value=[{"value": "<xaver>"}]),
    "hidden to be added again": patched("sales-north", op="add", path="members", value=[{"value": "<xaver>"}]),
    "hidden group to be added": patched("sales-south", op="add", path="members", value=[{"value": "<other>"}]),
    "seen to be added": patched("sales-south", op="add", path="members", value=[{"value": "<anna>"}]),
    "seen to be removed": patched("sales-north", op="remove", path='members[value eq "<anna>"]'),
    "hidden to be removed": patched("sales-north", op="remove", path='members[value eq "<xaver>"]'),
    "removed by a filter": patched("sales-north", op="remove", path='members[display ne "x"]'),
    "all removed": patched("sales-north", op="remove", path="members"),
    "all replaced": patched("sales-north", op="replace", path="members", value=[{"value": "<carl>"}]),
    "replaced": put("sales-north", "carl"),
    "replaced with a hidden": put("sales-north", "carl", "xaver"),
    "replaced, a hidden": put("other", "carl"),
    "a group in itself": patched("sales-north", op="add", path="members", value=[{"value": "<sales-all>"}]),
}  # fmt: skip


@pytest.mark.parametrize("name", READS)
@pytest.mark.sampled(3)
def test_a_resource_outside_the_filters_does_not_exist_for_reads(
    world: World, twin: World, name: str
) -> None:
    assert played(world, READS[name]) == played(twin, READS[name])


@pytest.mark.parametrize("name", WRITES)
def test_a_resource_outside_the_filters_can_be_neither_written_nor_named(
    world: World, twin: World, name: str
) -> None:
    assert played(world, WRITES[name]) == played(twin, WRITES[name])
    for read in ("all groups", "all users", "edges"):
        assert played(world, READS[read]) == played(twin, READS[read])


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "members"},
        {"op": "replace", "path": "members", "value": []},
        {"op": "remove", "path": "members[display pr]"},
        {"op": "replace", "value": {"displayName": "sales-new"}},
    ],
    ids=["remove", "replace", "by filter", "name"],
)  # fmt: skip
def test_members_outside_stay(world: World, operation: dict[str, Any]) -> None:
    world.seen.modify("Group", world.ids["sales-north"], operation)
    assert world.ids["xaver"] in world.whole.member_ids(world.ids["sales-north"])


def test_a_put_leaves_members_outside(world: World) -> None:
    world.seen.replace("Group", world.ids["sales-north"], {"displayName": "sales-north"})
    assert world.whole.member_ids(world.ids["sales-north"]) == [world.ids["xaver"]]


LEAVING: dict[str, Callable[[World], Any]] = {
    "created outside": lambda w: w.seen.user("dora"),
    "created in another": lambda w: w.seen.user("dora", **ELSEWHERE),
    "group created outside": lambda w: w.seen.group("dora"),
    "put outside": lambda w: w.seen.replace("User", w.ids["anna"], {"userName": "anna"}),
    "patched outside": lambda w: w.seen.modify(
        "User", w.ids["anna"], {"op": "remove", "path": f"{ENTERPRISE_URN}:department"}
    ),
    "renamed outside": lambda w: w.seen.modify(
        "Group", w.ids["sales-north"], {"op": "replace", "value": {"displayName": "north"}}
    ),
}


@pytest.mark.parametrize("name", LEAVING)
def test_a_write_must_not_move_a_resource_outside_the_filters(world: World, name: str) -> None:
    before = [dict(each) for each in world.whole.search("User", "Group").resources]
    with pytest.raises(Forbidden, match="outside the filter of these credentials"):
        LEAVING[name](world)
    assert [dict(each) for each in world.whole.search("User", "Group").resources] == before


def test_resources_inside_the_filters_can_be_created_changed_and_deleted(world: World) -> None:
    dora = world.seen.user("dora", **SALES)
    group = world.seen.group("sales-west", dora)
    assert world.seen.member_ids(group) == [dora]
    world.seen.replace("User", dora, {"userName": "dora", "title": "x", **SALES})
    world.seen.delete("User", world.ids["anna"])
    world.seen.delete("Group", world.ids["sales-north"])
    assert names_in(world.whole.search("User", filter=f'id eq "{world.ids["anna"]}"')) == []
    assert world.whole.member_ids(world.ids["other"]) == [world.ids["xaver"]]
    assert world.whole.shown("User", world.ids["xaver"])["groups"][0]["value"] == world.ids["other"]


def test_a_change_is_based_on_the_stored_and_not_on_the_visible_resource(world: World) -> None:
    anna = Key("User", world.ids["anna"])
    groups = {world.ids["sales-north"], world.ids["other"]}
    world.seen.modify("User", anna.id, {"op": "replace", "path": "title", "value": "x"})
    world.seen.delete("User", anna.id)
    directory = world.whole.directory
    assert isinstance(directory, FakeDirectory)
    update, deletion = directory.changes[-2:]
    for change in (update, deletion):
        assert isinstance(change, Update | Deletion)
        assert change.before.key == anna
        assert change.before.links == {Link("Group", "members"): groups}


def test_deleting_a_resource_outside_changes_nothing(world: World) -> None:
    for type_name, name in (("User", "xaver"), ("Group", "other"), ("User", "other")):
        with pytest.raises(NotFound):
            world.seen.delete(type_name, world.ids[name])
    assert world.whole.search("User").total == len(USERS)


def test_a_unique_name_of_a_hidden_resource_is_taken(world: World) -> None:
    with pytest.raises(Uniqueness):
        world.seen.user("xaver", **SALES)


def test_a_circle_through_hidden_groups_is_refused(world: World) -> None:
    north, hidden = world.ids["sales-north"], world.ids["above"]
    world.whole.add(world.ids["sales-above-hidden"], hidden)
    with pytest.raises(ScimError, match="would contain itself"):
        world.seen.add(north, world.ids["sales-above-hidden"])


def test_memberships_are_created_and_deleted_between_visible_resources(world: World) -> None:
    endpoint = world.seen.endpoint("GroupMember")

    def body(group: str, member: str) -> dict[str, object]:
        ends = {"group": {"value": world.ids[group]}, "member": {"value": world.ids[member]}}
        return {"schemas": [MEMBER_URN], **ends}

    create_edge(endpoint, body("sales-south", "anna"), projected("GroupMember"))
    for group, member in (("sales-south", "xaver"), ("other", "carl")):
        with pytest.raises(ScimError, match="expected the id of a"):
            create_edge(endpoint, body(group, member), projected("GroupMember"))
    for group, member in (("sales-north", "xaver"), ("other", "anna")):
        with pytest.raises(NotFound):
            delete_edge(endpoint, id_of(world.ids[group], world.ids[member]), Precondition())
    delete_edge(endpoint, id_of(world.ids["sales-south"], world.ids["anna"]), Precondition())
    assert world.seen.member_ids(world.ids["sales-south"]) == [world.ids["carl"]]


def test_a_type_without_a_filter_is_invisible() -> None:
    whole = FakeDeployment()
    anna = whole.user("anna")
    group = whole.group("team", anna)
    narrow = replace(whole, filters='{"Group": "*"}')
    assert narrow.search("User", "Group").total == 1
    assert narrow.member_ids(group) == []
    with pytest.raises(NotFound):
        narrow.read("User", anna)
    with pytest.raises(Forbidden):
        narrow.user("berta")


def test_a_cursor_opens_for_the_same_filters_only(world: World) -> None:
    first = world.whole.search("User", cursor="", count=1)
    with pytest.raises(ScimError, match="cursor"):
        world.seen.search("User", cursor=first.next_cursor, count=1)
    page = world.seen.search("User", cursor="", count=1)
    walked = names_in(page)
    while page.next_cursor is not None:
        page = world.seen.search("User", cursor=page.next_cursor, count=1)
        walked += names_in(page)
    assert sorted(map(str, walked)) == ["anna", "berta", "carl"]


def test_the_number_of_hidden_resources_read_is_bounded(world: World) -> None:
    narrow = replace(world.seen, bounds=replace(Bounds(), scanned=2))
    with pytest.raises(TooMany):
        narrow.search("User", filter="title pr")


def test_a_filter_with_an_index_narrows_the_plan(world: World) -> None:
    observed = ObservedDirectory(world.whole.directory)
    narrow = replace(world.whole, directory=observed, filters='{"User": "userName sw \\"an\\""}')
    assert names_in(narrow.search("User", filter="title pr")) == ["anna"]
    assert "records" not in observed.asked
    assert "ids" in observed.asked


@pytest.mark.parametrize(
    ("group", "member", "is_seen"),
    [
        ("sales-north", "anna", True),
        ("sales-north", "xaver", False),
        ("other", "anna", False),
        ("sales-all", "sales-north", True),
        ("sales-all", "other", False),
    ],
)
def test_an_edge_is_visible_where_both_its_ends_are(
    world: World, group: str, member: str, is_seen: bool
) -> None:
    endpoint = world.seen.endpoint("Group")
    pair = Key("Group", world.ids[group]), world.ids[member]
    assert world.whole.endpoint("Group").directory.edges_between(endpoint.tenant, [pair], "members")
    found = endpoint.directory.edges_between(endpoint.tenant, [pair], "members")
    assert list(found) == ([pair] if is_seen else [])


def test_without_filters_the_directory_is_not_wrapped() -> None:
    deployment = FakeDeployment()
    assert deployment.endpoint("User").directory is deployment.directory
    assert isinstance(
        replace(deployment, filters=FILTERS).endpoint("User").directory, FilteredDirectory
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4, 9])
def test_hidden_resources_are_skipped_and_not_counted(number: int) -> None:
    whole = FakeDeployment()
    made = [
        (whole.user(f"u{n}", **(SALES if n % 3 == 0 else ELSEWHERE)), n % 3 == 0) for n in range(12)
    ]
    inside = sorted(id_ for id_, is_inside in made if is_inside)
    endpoint = replace(whole, filters=FILTERS).endpoint("User")
    for after in (None, *sorted(id_ for id_, _ in made)):
        passed = [id_ for id_ in inside if after is None or id_ > after][:number]
        place, counted = endpoint.directory.skipped(endpoint.tenant, "User", after, number)
        assert counted == len(passed)
        if passed:
            assert place == passed[-1]


def test_the_count_is_of_the_resources_inside(world: World) -> None:
    seen, whole = (each.endpoint("User").directory for each in (world.seen, world.whole))
    assert (seen.count("acme", "User"), whole.count("acme", "User")) == (3, 6)


@pytest.mark.parametrize("name", ["groups with members", "groups of another than a hidden"])
@pytest.mark.parametrize("page", [2, 4, 100])
def test_values_are_counted_page_by_page(
    world: World, twin: World, monkeypatch: pytest.MonkeyPatch, name: str, page: int
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", page)
    assert played(world, READS[name]) == played(twin, READS[name])


@pytest.mark.parametrize(("name", "number"), [("sales-south", 1), ("other", 0)])
def test_members_of_a_group_outside_are_not_found(world: World, name: str, number: int) -> None:
    path = RelationTargets(Key("Group", world.ids[name]), "members", "User")
    found = world.seen.endpoint("User").directory.ids("acme", path, Direction.UP, None, 10)
    assert len(found.ids) == number
