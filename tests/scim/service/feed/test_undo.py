"""Operations that undo writes, computed from entries of the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from scim.profile.shipped import profile_or_default
from scim.resource.history.log_entry import LogEntry, LogPage
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Key
from scim.schema.loading import catalogue_of
from scim.service.feed.undo import Operation, UndoneWrites, undoing

OURS, THEIRS = Origin("t", transaction="job"), Origin("u", transaction="other")
MANAGED = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
KIM, TEAM, CREW = Key("User", "kim"), Key("Group", "team"), Key("Group", "crew")


@dataclass(frozen=True)
class Log:
    """One lane."""

    entries: tuple[LogEntry, ...]

    def ends(self, _tenant: str) -> tuple[int, ...]:
        return (len(self.entries),)

    def read(self, _tenant: str, _lane: int, position: int, limit: int) -> Sequence[LogPage]:
        # Fewer than asked for, as items of a table are.
        some = self.entries[position : position + min(limit, 2)]
        return [LogPage(position, some)] if some else []

    def with_edges(self, _tenant: str, entry: LogEntry) -> LogEntry:
        return entry

    def marks(self, _tenant: str, _keys: Iterable[Key]) -> dict[Key, Any]:
        return {}


def entry(
    key: Key, version: int, origin: Origin, action: str = Action.PATCH, **told: Any
) -> LogEntry:
    at = f"2026-03-01T10:00:{version:02d}.000Z"
    return LogEntry(key, version, version - 1, at, action, origin, **told)


def operations(
    *entries: LogEntry,
    writes: UndoneWrites | None = None,
    kept: frozenset[Key] = frozenset(),
    profile: str = "",
) -> list[Operation]:
    catalogue = catalogue_of(profile_or_default(profile))
    return undoing(
        Log(entries), "acme", writes or UndoneWrites("job"), catalogue, lambda key: key in kept
    )


def edits(operation: Operation) -> list[Operation]:
    found: list[Operation] = operation["data"]["Operations"]
    return found


def title(version: int, origin: Origin, before: str, after: str) -> LogEntry:
    told = {"before": {"title": before}, "after": {"title": after}}
    return entry(KIM, version, origin, **told)


def test_several_changes_of_an_attribute_go_back_to_before_the_first() -> None:
    (operation,) = operations(title(2, OURS, "a", "b"), title(3, OURS, "b", "c"))
    assert operation["version"] == 'W/"3"'
    assert edits(operation) == [{"op": "replace", "path": "title", "value": "a"}]


def test_a_change_after_anothers_is_undone_to_the_others_value() -> None:
    changes = title(2, OURS, "a", "b"), title(3, THEIRS, "b", "c"), title(4, OURS, "c", "d")
    restored, told = operations(*changes)
    assert edits(restored) == [{"op": "replace", "path": "title", "value": "c"}]
    assert (restored["version"], told["version"]) == ('W/"4"', 'W/"4"')


def test_a_change_that_was_taken_back_since_is_left_alone() -> None:
    assert operations(title(2, OURS, "a", "b"), title(3, OURS, "b", "a")) == []


def test_earlier_changes_by_others_are_left_alone() -> None:
    (operation,) = operations(title(2, THEIRS, "x", "a"), title(3, OURS, "a", "b"))
    assert edits(operation) == [{"op": "replace", "path": "title", "value": "a"}]


def test_a_member_that_came_and_went_is_no_change() -> None:
    came = {"members": {"+": {"User": ["kim"]}, "-": {}}}
    went = {"members": {"+": {}, "-": {"User": ["kim"]}}}
    both = entry(TEAM, 2, OURS, relations=came), entry(TEAM, 3, OURS, relations=went)
    assert operations(*both) == []


def test_members_of_which_the_log_knows_the_number_only_are_refused() -> None:
    many = {"members": {"+": 400, "-": 0}}
    (operation,) = operations(entry(TEAM, 2, OURS, relations=many))
    assert operation["version"] == 'W/"0"'


def test_a_group_is_deleted_before_its_members() -> None:
    crew = {"members": {"+": {"Group": ["team"]}, "-": {}}}
    team = {"members": {"+": {"User": ["kim"]}, "-": {}}}
    made = (
        entry(KIM, 1, OURS, Action.CREATE, after={"userName": "kim"}),
        entry(TEAM, 1, OURS, Action.CREATE, relations=team),
        entry(CREW, 1, OURS, Action.CREATE, relations=crew),
    )
    paths = [each["path"] for each in operations(*made)]
    assert paths == ["/Groups/crew", "/Groups/team", "/Users/kim"]


def test_a_resource_created_and_deleted_since_needs_no_undo() -> None:
    made = entry(KIM, 1, OURS, Action.CREATE, after={"userName": "kim"})
    assert operations(made, entry(KIM, 2, OURS, Action.DELETE, before={"userName": "kim"})) == []
    assert operations(made, entry(KIM, 2, THEIRS, Action.DELETE, before={"userName": "kim"})) == []


def test_a_span_has_a_beginning_and_an_end() -> None:
    changes = title(2, OURS, "a", "b"), title(3, OURS, "b", "c"), title(4, OURS, "c", "d")
    span = UndoneWrites(token="t", since="2026-03-01T10:00:03Z", until="2026-03-01T10:00:04Z")
    (told,) = operations(*changes, writes=span)
    # The change behind the span is somebody's that is not meant.
    assert (told["version"], edits(told)[0]["value"]) == ('W/"3"', "b")


def test_an_owner_stands_for_all_its_tokens() -> None:
    """The access tokens of a client end after an hour, and nobody knows their ids."""
    first, second = (Origin(token, "client:c") for token in ("jwt-1", "jwt-2"))
    changes = title(2, THEIRS, "a", "b"), title(3, first, "b", "c"), title(4, second, "c", "d")
    span = UndoneWrites(token="client:c", since="2026-03-01T10Z", until="2026-03-02T10Z")
    (operation,) = operations(*changes, writes=span)
    assert edits(operation)[0]["value"] == "b"


def gone(key: Key, version: int, origin: Origin) -> LogEntry:
    return entry(key, version, origin, Action.DELETE, before={"userName": key.id})


def test_restoring_a_deleted_resource_names_its_former_id() -> None:
    (made,) = operations(gone(KIM, 2, OURS))
    assert (made["method"], made["bulkId"], made["data"]["id"]) == ("POST", "kim", "kim")


def test_a_resource_restored_by_somebody_else_is_left_alone() -> None:
    back = entry(KIM, 3, THEIRS, Action.CREATE, after={"userName": "kim"})
    assert operations(gone(KIM, 2, OURS), back) == []


def test_undoing_a_restoration_deletes_the_resource() -> None:
    back = entry(KIM, 3, OURS, Action.CREATE, after={"userName": "kim"})
    (operation,) = operations(gone(KIM, 2, THEIRS), back)
    assert (operation["method"], operation["path"]) == ("DELETE", "/Users/kim")


def test_a_group_to_which_a_member_comes_back_by_itself_has_no_version_named() -> None:
    left = {"members": {"+": {}, "-": {"User": ["kim"]}}}
    changes = entry(TEAM, 2, OURS, relations=left), gone(KIM, 2, OURS)
    _, changed = operations(*changes, kept=frozenset({KIM}))
    assert "version" not in changed
    _, changed = operations(*changes)
    assert changed["version"] == 'W/"2"'


def test_a_user_deleted_by_somebody_else_since_stays_deleted() -> None:
    (told,) = operations(title(2, OURS, "a", "b"), gone(KIM, 3, THEIRS))
    # The service refuses it with 404, which is how the result tells of it.
    assert (told["method"], told["path"]) == ("PATCH", "/Users/kim")


USER_5, GROUP_5 = Key("User", "5"), Key("Group", "5")


def test_resources_of_two_types_with_one_id_are_both_deleted() -> None:
    made = (
        entry(USER_5, 1, OURS, Action.CREATE, after={"userName": "kim"}),
        entry(GROUP_5, 1, OURS, Action.CREATE, after={"displayName": "team"}),
    )
    paths = {each["path"] for each in operations(*made, profile="forsta")}
    assert paths == {"/Users/5", "/Groups/5"}


def test_a_resource_with_the_id_of_one_of_another_type_is_not_created_again() -> None:
    renamed = entry(GROUP_5, 2, OURS, before={"displayName": "a"}, after={"displayName": "b"})
    made, changed = operations(gone(USER_5, 2, OURS), renamed, profile="forsta")
    assert (made["method"], made["path"]) == ("POST", "/Users")
    assert (changed["method"], changed["path"]) == ("PATCH", "/Groups/5")


def test_members_return_by_the_names_of_resources_of_their_type() -> None:
    left = {"members": {"+": {}, "-": {"User": ["5", "6"]}}}
    entries = (
        entry(Key("Group", "7"), 2, OURS, relations=left),
        gone(USER_5, 2, OURS),
        entry(GROUP_5, 2, OURS, Action.DELETE, before={"displayName": "team"}),
    )
    *made, changed = operations(*entries, profile="forsta")
    assert [each["bulkId"] for each in made] == ["User 5", "Group 5"]
    values = [edit["value"][0]["value"] for edit in edits(changed)]
    assert values == ["bulkId:User 5", "6"]


def test_a_value_that_names_no_resource_stays() -> None:
    before = {"emails": [{"value": "kim"}], MANAGED: {"manager": {"value": "kim"}}}
    after = {"emails": [], MANAGED: {"manager": {"value": "sam"}}}
    changed = entry(Key("User", "ann"), 2, OURS, before=before, after=after)
    _, operation = operations(gone(KIM, 2, OURS), changed)
    values = [edit["value"] for edit in edits(operation)]
    assert values == [[{"value": "kim"}], {"value": "bulkId:kim"}]


def named(key: Key, version: int, before: str, after: str) -> LogEntry:
    told = {"before": {"userName": before}, "after": {"userName": after}}
    return entry(key, version, OURS, **told)


def made(key: Key, name: str) -> LogEntry:
    return entry(key, 1, OURS, Action.CREATE, after={"userName": name})


ANN, SAM = Key("User", "ann"), Key("User", "sam")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([gone(KIM, 2, OURS), made(ANN, "kim")], ["DELETE /Users/ann", "POST /Users"]),
        ([named(KIM, 2, "a", "b"), made(ANN, "A")], ["DELETE /Users/ann", "PATCH /Users/kim"]),
        ([gone(KIM, 2, OURS), named(ANN, 2, "a", "kim")], ["PATCH /Users/ann", "POST /Users"]),
        (
            [named(KIM, 2, "a", "b"), named(ANN, 2, "c", "a"), named(SAM, 2, "d", "c")],
            ["PATCH /Users/sam", "PATCH /Users/ann", "PATCH /Users/kim"],
        ),
        (
            [named(KIM, 2, "a", "b"), named(ANN, 2, "b", "a")],
            ["PATCH /Users/kim", "PATCH /Users/ann", "PATCH /Users/kim"],
        ),
    ],
    ids=["made again", "another made", "renamed", "in a row", "exchanged"],
)
def test_a_name_is_freed_before_a_resource_takes_it_back(
    entries: list[LogEntry], expected: list[str]
) -> None:
    assert [f"{each['method']} {each['path']}" for each in operations(*entries)] == expected


def test_the_first_of_two_names_to_exchange_gives_way_to_an_id() -> None:
    first, _, last = operations(named(KIM, 2, "a", "b"), named(ANN, 2, "b", "a"))
    assert edits(first) == [{"op": "replace", "path": "userName", "value": "kim"}]
    assert edits(last) == [{"op": "replace", "path": "userName", "value": "a"}]
    assert (first["version"], last["version"]) == ('W/"2"', 'W/"3"')


def test_a_group_names_no_version_if_a_new_member_is_deleted_before_it_is_changed_back() -> None:
    came = {"members": {"+": {"User": ["ann", "sam"]}, "-": {}}}
    changes = gone(KIM, 2, OURS), made(ANN, "kim"), entry(TEAM, 2, OURS, relations=came)
    deleted, _, changed = operations(*changes)
    assert (deleted["method"], deleted["path"]) == ("DELETE", "/Users/ann")
    assert "version" not in changed
    assert [edit["path"] for edit in edits(changed)] == ['members[value eq "sam"]']


def test_a_new_member_that_others_changed_since_leaves_its_group_though_it_is_not_deleted() -> None:
    came = {"members": {"+": {"User": ["ann"]}, "-": {}}}
    others = entry(ANN, 2, THEIRS, before={"title": None}, after={"title": "Dr"})
    changes = gone(KIM, 2, OURS), made(ANN, "kim"), others, entry(TEAM, 2, OURS, relations=came)
    _, changed, refused = operations(*changes)
    assert (changed["path"], changed["version"]) == ("/Groups/team", 'W/"2"')
    assert [edit["path"] for edit in edits(changed)] == ['members[value eq "ann"]']
    assert (refused["path"], refused["version"]) == ("/Users/ann", 'W/"1"')


def test_a_resource_changed_before_its_deletion_is_changed_back_once_restored() -> None:
    entries = named(KIM, 2, "a", "kim"), gone(KIM, 3, OURS)
    restored, changed = operations(*entries, kept=frozenset({KIM}))
    assert (restored["method"], changed["path"]) == ("POST", "/Users/bulkId:kim")
    assert edits(changed) == [{"op": "replace", "path": "userName", "value": "a"}]
    assert "version" not in changed
    (again,) = operations(*entries)
    assert again["data"]["userName"] == "a"


CAME = {"members": {"+": {"User": ["kim"]}, "-": {}}}
WENT = {"members": {"+": {}, "-": {"User": ["kim"]}}}


def test_a_member_that_came_and_was_deleted_leaves_when_it_is_restored() -> None:
    changes = entry(TEAM, 2, OURS, relations=CAME), entry(TEAM, 3, OURS, relations=WENT)
    _, changed = operations(*changes, gone(KIM, 2, OURS), kept=frozenset({KIM}))
    assert [edit["op"] for edit in edits(changed)] == ["remove"]
    assert "version" not in changed


def test_a_new_group_is_deleted_though_a_member_comes_back_to_it() -> None:
    group = entry(TEAM, 1, OURS, Action.CREATE, after={"displayName": "t"}, relations=CAME)
    changes = group, entry(TEAM, 2, OURS, relations=WENT), gone(KIM, 2, OURS)
    _, deleted = operations(*changes, kept=frozenset({KIM}))
    assert deleted == {"method": "DELETE", "path": "/Groups/team"}
    others = entry(TEAM, 3, THEIRS, before={"displayName": "t"}, after={"displayName": "u"})
    _, deleted = operations(*changes, others, kept=frozenset({KIM}))
    assert deleted["version"] == 'W/"2"'
