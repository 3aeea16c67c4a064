"""A resource ends at once, with its edges if they are few; the reaper removes many."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from scim.errors import PayloadTooLarge, ScimError
from scim.resource.change import Creation, Deletion, Receipt, Update
from scim.resource.history.origin import Origin
from scim.resource.record import Entry, Key, Link, Pointer, Record, Stale
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete, Referrer
from scim.store.directory import commit
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.attribution import attribution_in
from scim.store.directory.resource_item import (
    INDEX_MOVE,
    end_of_tombstone,
    packed_id,
)
from scim.store.directory.tombstone import (
    Tombstone,
    attribution_of_loss,
    edges_deleted,
    merged_changes,
    pairs_of,
    sources_updated,
)
from scim.store.dynamodb.values import Item, Value, packed
from scim.store.dynamodb.write import (
    MAX_STEPS,
    Condition,
    ConditionFailed,
    Failure,
    Write,
    absent,
    check_bounds,
    counts,
    equals,
    exists,
)
from scim.store.keys.directory import resource_key
from tests.contract.samples import group

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

THEN, NOW = "2026-03-01T10:00:00.000Z", "2026-03-01T10:20:00.000Z"
ANN = Key("User", "ann")
BEFORE = Record(ANN, 4, THEN, THEN, {"userName": "ann"})
MEMBERS, OWNERS = Link("Group", "members"), Link("Group", "owners")
FREE = (exists("v"), absent("d"), absent("j"))


def entries(number: int) -> frozenset[Entry]:
    return frozenset(Entry("emails.value", f"ann{n}@example.com", False) for n in range(number))


def tombstone_of(before: Record = BEFORE, number_of_entries: int = 0) -> Tombstone:
    return Tombstone("acme", Deletion(before, NOW, entries(number_of_entries), ("members",)))


def linked(*, members: int = 0, owners: int = 0) -> Record:
    links = {MEMBERS: members, OWNERS: owners}
    ids = {link: frozenset(f"g{n:02d}" for n in range(many)) for link, many in links.items()}
    return replace(BEFORE, links={link: some for link, some in ids.items() if some})


@pytest.mark.parametrize(
    ("before", "number_of_entries", "leaves_work"),
    [
        (BEFORE, 3, False),
        (linked(members=40), 0, False),
        (linked(members=41), 0, True),
        (linked(members=20, owners=20), 1, False),
        (linked(members=20, owners=20), 2, True),
        (linked(members=39), 3, False),
        (replace(BEFORE, counts={"members": 1}), 0, True),
    ],
    ids=[
        "no edges",
        "40 links",
        "41 links",
        "40 links of two relations",
        "40 links and two entries",
        "39 links and three entries",
        "edges of its own",
    ],
)
def test_few_links_and_no_edges_go_at_once(
    before: Record, number_of_entries: int, leaves_work: bool
) -> None:
    end = tombstone_of(before, number_of_entries)
    assert end.leaves_work() is leaves_work
    assert any(write.item_key.pk == "T#acme#reap" for write in end.writes()) is leaves_work
    # Beside the steps: the counter, and the tenant that is named to the sweeper.
    assert len(end.writes()) + 2 <= MAX_STEPS


def test_two_references_to_one_resource_are_one_step() -> None:
    pointers = frozenset(Pointer(name, Key("User", "bob")) for name in ("owner", "deputy"))
    for before in (BEFORE, replace(BEFORE, counts={"members": 1})):
        writes = Tombstone("acme", Deletion(before, NOW, frozenset(), pointers=pointers)).writes()
        item_keys = [write.item_key for write in writes]
        assert len(item_keys) == len(set(item_keys))


def test_a_resource_without_edges_is_buried_at_once() -> None:
    end = Tombstone("acme", Deletion(BEFORE, NOW, frozenset({Entry("userName", "ann", True)}), ()))
    tombstone, entry = end.writes()
    assert {name: value for name, value in tombstone.sets.items() if name != "by"} == {
        "d": NOW,
        "m": NOW,
        "gp": "T#acme#User",
        "gs": "2026-03-01T10#ann",
        "ttl": 1_774_952_400,
    }
    assert tombstone.adds == {"v": 1}
    assert tombstone.removes == ("z", "l")
    assert tombstone.conditions == (*FREE, equals("v", 4), counts("l", 0))
    assert (entry.action, entry.item_key) == ("Delete", ("T#acme#User#userName", "ann"))


@pytest.mark.parametrize(("is_closing", "begun"), [(False, absent("x")), (True, exists("x"))])
def test_a_deletion_requires_that_no_reference_has_begun(
    is_closing: bool, begun: Condition
) -> None:
    outline = Outline(referrers=(Referrer("User", "manager", OnDelete.CLEAR),))
    deletion = Deletion(BEFORE, NOW, frozenset(), (), outlines={"User": outline})
    tombstone, *_ = Tombstone("acme", deletion, is_closing).writes()
    unreferred = counts("r.User.manager", 0)
    assert tombstone.conditions == (*FREE, equals("v", 4), begun, unreferred, counts("l", 0))


def test_a_few_edges_are_deleted_with_the_resource() -> None:
    tombstone, edge, group = tombstone_of(linked(members=1)).writes()
    assert tombstone.removes == ("z", "l", "g.Group.members", "n.members")
    assert tombstone.conditions == (*FREE, equals("v", 4), counts("l", 1))
    assert (edge.action, edge.item_key) == ("Delete", ("T#acme#Group#g00#members", "ann"))
    assert (group.action, group.item_key) == ("Update", ("T#acme#Group", "g00"))
    assert group.adds == {"v": 1, "n.members": -1}


@pytest.mark.parametrize("kept_until", [0, 1_800_000_000])
def test_a_resource_with_as_many_links_as_fit_can_be_deleted(kept_until: int) -> None:
    ids = frozenset(str(UUID(int=n)) for n in range(23_000))
    end = tombstone_of(replace(BEFORE, links={MEMBERS: ids}))
    writes = replace(end, deletion=replace(end.deletion, kept_until=kept_until)).writes()
    check_bounds(writes, [write.weight() for write in writes])
    assert all(write.request("t") for write in writes)


def test_a_tombstone_with_edges_left_has_no_expiry_yet() -> None:
    tombstone, job = tombstone_of(replace(BEFORE, counts={"members": 1})).writes()
    assert "ttl" not in tombstone.sets
    assert tombstone.removes == ("z",)
    assert (job.action, job.item_key) == ("Put", ("T#acme#reap", "User#ann"))
    placed = {"gp": "T#~#work", "gs": "acme#reap#User#ann"}
    assert job.item == {"k": "reap", "s": 1, "at": NOW, **placed}


def met(**more: Value) -> Item:
    """Return the item of the resource, changed since it was read."""
    stored: Item = {
        "pk": "T#acme#User",
        "sk": "ann",
        "v": 4,
        "c": THEN,
        "m": THEN,
        "z": packed(BEFORE.body),
    }
    return {**stored, **more}


def failed_condition(end: Tombstone, item: Item) -> ConditionFailed:
    return ConditionFailed([Failure(end.writes()[0], item)])


def test_a_deletion_is_made_again_with_the_edges_met() -> None:
    end = tombstone_of()
    links: Item = {"g.Group.members": frozenset({packed_id("g1")}), "l": 1}
    again = end.again(failed_condition(end, met(**links)))
    assert again.deletion.before.links == {MEMBERS: frozenset({"g1"})}
    assert again.deletion.now == NOW


@pytest.mark.parametrize(
    ("must_match", "item"),
    [
        (False, met(d=THEN)),
        (False, {}),
        (False, met(v=5, z=packed({"userName": "bob"}))),
        (True, met(v=5)),
    ],
    ids=["deleted", "not there", "other content", "another version and If-Match"],
)
def test_the_deletion_of_another_content_is_stale(must_match: bool, item: Item) -> None:
    end = tombstone_of()
    end = replace(end, deletion=replace(end.deletion, must_match=must_match))
    with pytest.raises(Stale):
        end.again(failed_condition(end, item))


def test_another_version_of_the_same_content_can_be_deleted() -> None:
    end = tombstone_of()
    assert end.again(failed_condition(end, met(v=9))).deletion.before.version == 9


def test_a_refusal_of_something_else_is_passed_on() -> None:
    write = Write(
        "Delete", resource_key("acme", Key("User", "bob")), refusal=ScimError("elsewhere")
    )
    with pytest.raises(ScimError, match="elsewhere"):
        tombstone_of().again(ConditionFailed([Failure(write, {})]))


def test_pairs_are_in_order_of_relation_and_id() -> None:
    links = {OWNERS: frozenset({"b"}), MEMBERS: frozenset({"c", "a"})}
    assert pairs_of(links) == [(MEMBERS, "a"), (MEMBERS, "c"), (OWNERS, "b")]


def test_edges_to_a_deleted_resource_are_removed_at_their_sources() -> None:
    writes = edges_deleted("acme", ANN, [(MEMBERS, "a"), (OWNERS, "b")])
    assert [(write.action, write.item_key, write.conditions) for write in writes] == [
        ("Delete", ("T#acme#Group#a#members", "ann"), (exists(),)),
        ("Delete", ("T#acme#Group#b#owners", "ann"), (exists(),)),
    ]


def test_a_source_that_loses_two_edges_is_one_step_and_one_version() -> None:
    writes = sources_updated(
        "acme", ANN, [(MEMBERS, "a"), (OWNERS, "a"), (OWNERS, "b")], NOW, Origin()
    )
    assert [(write.item_key.sk, write.adds) for write in writes] == [
        ("a", {"v": 1, "n.members": -1, "n.owners": -1}),
        ("b", {"v": 1, "n.owners": -1}),
    ]
    assert [write.sets["m"] for write in writes] == [NOW, NOW]
    assert {write.index_writes for write in writes} == {INDEX_MOVE}


@pytest.mark.parametrize(
    ("now", "end"),
    [("1970-01-01T00:00:00.000Z", 2_592_000), ("2026-03-01T10:20:00.999Z", 1_774_952_400)],
)
def test_a_tombstone_stays_for_thirty_days(now: str, end: int) -> None:
    assert end_of_tombstone(now) == end


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name)


def with_mails(number: int) -> Creation:
    return Creation(ANN, {"userName": "ann"}, entries(number), THEN)


@pytest.mark.long
def test_a_resource_of_as_many_values_as_may_be_can_be_deleted(directory: DynamoDirectory) -> None:
    directory.create("acme", with_mails(94))
    directory.create("acme", group("staff", [ANN]))
    before = directory.read_latest("acme", [ANN])[ANN]
    receipt = Receipt("job", 0, 1_800_000_000, {})
    deletion = Deletion(before, NOW, entries(94), receipt=receipt, kept_until=1_800_000_000)
    directory.delete("acme", deletion)
    assert directory.read_latest("acme", [ANN]) == {}


def test_a_resource_of_more_values_than_can_be_deleted_is_refused(
    directory: DynamoDirectory,
) -> None:
    with pytest.raises(PayloadTooLarge, match="up to 94 indexed values"):
        directory.create("acme", with_mails(95))
    directory.create("acme", with_mails(60))
    before = directory.read_latest("acme", [ANN])[ANN]
    change = Update(before, NOW, {}, entries_before=entries(60), entries_after=entries(95))
    with pytest.raises(PayloadTooLarge, match="up to 94 indexed values"):
        directory.update("acme", change)
    managed = replace(with_mails(94), pointers=frozenset({Pointer("manager", Key("User", "bob"))}))
    with pytest.raises(PayloadTooLarge, match="up to 94 indexed values"):
        directory.create("acme", managed)


def test_a_resource_with_more_values_from_before_can_change_but_not_grow(
    directory: DynamoDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(commit, "MOST_ENTRIES", 95)
        directory.create("acme", with_mails(95))
    before = directory.read_latest("acme", [ANN])[ANN]
    other = entries(94) | {Entry("emails.value", "other", False)}
    change = Update(before, NOW, {}, entries_before=entries(95), entries_after=other)
    directory.update("acme", change)
    before = directory.read_latest("acme", [ANN])[ANN]
    with pytest.raises(PayloadTooLarge, match="up to 94 indexed values"):
        directory.update("acme", replace(change, before=before, entries_after=entries(96)))


def test_too_many_values_exchanged_at_once_are_not_called_members(
    directory: DynamoDirectory,
) -> None:
    directory.create("acme", with_mails(60))
    before = directory.read_latest("acme", [ANN])[ANN]
    others = frozenset(Entry("emails.value", f"other{n}", False) for n in range(60))
    change = Update(before, NOW, {}, entries_before=entries(60), entries_after=others)
    with pytest.raises(PayloadTooLarge, match="several smaller requests"):
        directory.update("acme", change)


def test_a_group_that_loses_a_member_records_which_and_by_whom() -> None:
    caller = Origin("t1", "token:t1", "userName:kim", "192.0.2.7", "req-1")
    origin, action, relations, _ = attribution_in(
        {"by": attribution_of_loss(caller, ["members"], ANN)}
    )
    assert (origin, action) == (caller, "patch")
    assert relations == {"members": {"+": {}, "-": {"User": ["ann"]}}}


def test_steps_that_take_members_of_one_group_are_one_version_with_all_of_them() -> None:
    bob = Key("User", "bob")
    losses = [
        Write(
            "Update",
            resource_key("acme", Key("Group", "staff")),
            sets={"m": NOW, "by": attribution_of_loss(Origin(), ["members"], lost)},
            adds={"v": 1},
        )
        for lost in (ANN, bob)
    ]
    other = Write("Delete", resource_key("acme", ANN))
    merged_loss, unchanged = merged_changes([*losses, other])
    relations = attribution_in(merged_loss.sets).relations
    assert relations == {"members": {"+": {}, "-": {"User": ["ann", "bob"]}}}
    assert (merged_loss.adds, unchanged) == ({"v": 1}, other)
