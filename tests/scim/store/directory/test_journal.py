"""A journaled change is made slice by slice, each once, by whichever worker comes."""

import secrets
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

import pytest

from scim.resource.access_path import Direction
from scim.resource.change import Creation, Guard
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Key, Record
from scim.store.directory import journal
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.attribution import attribution, attribution_in
from scim.store.directory.journal import (
    SLICES_PER_CHUNK,
    completion,
    edges_of,
    journal_steps,
)
from scim.store.directory.links import EdgeChange, EdgeWrites
from scim.store.directory.resource_item import end_of_tombstone
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import text
from scim.store.dynamodb.write import Write, check_bounds
from scim.store.keys.directory import (
    chunk_key,
    journals_partition,
    nesting_key,
    resource_key,
)
from tests.contract.samples import LATER, NOW, deletion_of, group, user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STAFF = Key("Group", "staff")
HEAD = Write("Update", resource_key("acme", STAFF), adds={"v": 1})
WIDTH = 2


def coming(targets: Sequence[Key]) -> EdgeWrites:
    moves = tuple(EdgeChange("members", target, 1, {}) for target in sorted(targets))
    return EdgeWrites("acme", STAFF, moves, NOW)


def numbered(number: int) -> list[Key]:
    return [Key("User", f"u{n:02d}") for n in range(number)]


def test_the_intent_is_written_down_and_the_head_is_marked() -> None:
    head, header, chunk = journal_steps(HEAD, coming(numbered(5)), [], WIDTH)
    journal_id = text(header.item, "j")
    assert (head.sets, head.adds) == ({"j": journal_id}, {"v": 1})
    assert header.item_key == ("T#acme#journal", "Group#staff")
    assert header.item == {
        "k": "journal",
        "s": 1,
        "j": journal_id,
        "at": NOW,
        "next": 0,
        "end": 3,
        "per": 20,
        "gp": "T#~#work",
        "gs": "acme#journal#Group#staff",
    }
    assert chunk.item_key == ("T#acme#chunk", f"Group#staff#{journal_id}#0000")


def test_a_new_resource_is_stored_with_its_mark() -> None:
    created = Write("Put", HEAD.item_key, item={"v": 1})
    head, header, _ = journal_steps(created, coming(numbered(5)), [], WIDTH)
    assert head.item == {"v": 1, "j": header.item["j"]}


@pytest.mark.parametrize("told", ["sets", "item"])
def test_the_journal_records_who_began_the_change(told: str) -> None:
    head = HEAD._replace(action="Put" if told == "item" else "Update", **{told: {"by": b"ann"}})
    _, header, _ = journal_steps(head, coming(numbered(5)), [], WIDTH)
    assert header.item["by"] == b"ann"


def test_guards_are_held_until_the_end() -> None:
    guards = [Guard("members", 7), Guard("owners", 0)]
    _, members, owners, header, _ = journal_steps(HEAD, coming(numbered(5)), guards, WIDTH)
    assert header.item["held"] == "members owners"
    assert [write.item_key for write in (members, owners)] == [
        ("T#acme#nesting", "Group#members"),
        ("T#acme#nesting", "Group#owners"),
    ]
    assert members.sets["j"] == "Group#staff"


@pytest.mark.parametrize(
    ("edges", "chunks"),
    [
        (WIDTH * SLICES_PER_CHUNK, 1),
        (WIDTH * SLICES_PER_CHUNK + 1, 2),
        (WIDTH * SLICES_PER_CHUNK * 3, 3),
    ],
)
def test_a_chunk_holds_twenty_slices(edges: int, chunks: int) -> None:
    writes = journal_steps(HEAD, coming(numbered(edges)), [], WIDTH)
    assert len([write for write in writes if write.item_key.pk == "T#acme#chunk"]) == chunks


@pytest.mark.parametrize(
    ("length", "slices", "per", "number"), [(10_000, 40, 10, 4), (80_000, 3, 1, 3)]
)
def test_a_chunk_of_long_names_holds_fewer_slices(
    length: int, slices: int, per: int, number: int
) -> None:
    names = [{"display": secrets.token_hex(length)} for _ in range(WIDTH * slices)]
    moves = tuple(
        EdgeChange("members", target, 1, sent)
        for target, sent in zip(numbered(len(names)), names, strict=True)
    )
    _, header, *chunks = journal_steps(HEAD, EdgeWrites("acme", STAFF, moves, NOW), [], WIDTH)
    assert (header.item["per"], len(chunks)) == (per, number)
    check_bounds([header, *chunks], [write.weight() for write in (header, *chunks)])


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name, width=WIDTH)


@pytest.fixture
def members(directory: DynamoDirectory) -> list[Key]:
    """Return five members to be of an empty group, both stored."""
    people = [user(f"user{n}") for n in range(5)]
    for person in people:
        directory.create("acme", person)
    staff = group("staff")
    directory.create("acme", Creation(STAFF, staff.body, staff.entries, NOW))
    return sorted(person.key for person in people)


def begin(
    table: Table, members: Sequence[Key], guards: Sequence[Guard] = (), head: Write = HEAD
) -> str:
    """Store the journal of five members in three slices, return its id."""
    writes = journal_steps(head, coming(members), guards, WIDTH)
    table.write(writes)
    return str(next(write.item["j"] for write in writes if write.item.get("k") == "journal"))


def test_the_edges_of_a_journal_are_known_from_its_chunks(table: Table, members: list[Key]) -> None:
    journal_id = begin(table, members)
    assert list(edges_of(table, "acme", STAFF, journal_id)) == [
        ("members", member, 1) for member in members
    ]
    assert list(edges_of(table, "acme", STAFF, "another")) == []


def staff_in(directory: DynamoDirectory) -> Record:
    return directory.read_latest("acme", [STAFF])[STAFF]


def work(table: Table) -> int:
    """Complete the journal, return in how many transactions."""
    return sum(1 for _ in completion(table, "acme", STAFF, lambda: LATER))


@pytest.mark.parametrize("slices_per_chunk", [SLICES_PER_CHUNK, 2, 1])
def test_a_journal_is_completed_slice_by_slice(
    table: Table,
    directory: DynamoDirectory,
    members: list[Key],
    monkeypatch: pytest.MonkeyPatch,
    slices_per_chunk: int,
) -> None:
    monkeypatch.setattr(journal, "SLICES_PER_CHUNK", slices_per_chunk)
    begin(table, members)
    seen = [
        (staff_in(directory).counts, staff_in(directory).is_unsettled)
        for _ in completion(table, "acme", STAFF, lambda: LATER)
    ]
    assert seen == [
        ({"members": 2}, True),
        ({"members": 4}, True),
        ({"members": 5}, True),
        ({"members": 5}, False),
    ]


def test_the_end_of_a_journaled_change_is_a_version_with_its_own_time(
    table: Table, directory: DynamoDirectory, members: list[Key]
) -> None:
    begin(table, members)
    assert staff_in(directory).version == 2
    work(table)
    staff = staff_in(directory)
    assert (staff.version, staff.last_modified) == (3, LATER)


def test_the_end_of_a_journaled_change_is_attributed_to_who_began_it(
    table: Table, directory: DynamoDirectory, members: list[Key]
) -> None:
    ann, bob = (attribution(Origin(who), Action.PATCH) for who in ("ann", "bob"))
    begin(table, members, head=HEAD._replace(sets={"by": ann}))
    table.write([Write("Update", resource_key("acme", STAFF), sets={"by": bob})])
    work(table)
    stored = table.item(resource_key("acme", STAFF))
    assert stored is not None
    assert attribution_in(stored).origin.token == "ann"


def test_the_ids_of_a_completed_journal_stay_for_a_while(
    table: Table, directory: DynamoDirectory, members: list[Key]
) -> None:
    begin(table, members, [Guard("members", 0)])
    guard = nesting_key("acme", "Group", "members")
    held = table.item(guard)
    assert held is not None
    assert held["j"] == "Group#staff"
    work(table)
    assert table.rows(journals_partition("acme")).items == []
    assert [row["ttl"] for row in table.rows("T#acme#chunk").items] == [end_of_tombstone(LATER)]
    assert table.item(guard) == {"pk": guard.pk, "sk": guard.sk, "k": "nesting", "s": 1, "n": 1}


def test_without_a_journal_nothing_is_done(table: Table) -> None:
    assert work(table) == 0


def test_a_clock_that_is_behind_does_not_lower_last_modified(
    table: Table, directory: DynamoDirectory, members: list[Key]
) -> None:
    begin(table, members)
    for _ in completion(table, "acme", STAFF, lambda: "2020-01-01T00:00:00.000Z"):
        pass
    assert staff_in(directory).last_modified == NOW


@pytest.mark.parametrize("lead", range(4))
@pytest.mark.sampled(2)
def test_workers_that_race_make_each_slice_once(
    table: Table, directory: DynamoDirectory, members: list[Key], lead: int
) -> None:
    begin(table, members)
    first, second = (completion(table, "acme", STAFF, lambda: LATER) for _ in range(2))
    for _ in range(lead):
        next(first)
    for _ in zip_longest(second, first):
        pass
    assert staff_in(directory).counts == {"members": 5}
    assert staff_in(directory).version == 3
    assert not staff_in(directory).is_unsettled


def test_a_worker_stops_when_others_have_completed_the_journal(
    table: Table, directory: DynamoDirectory, members: list[Key]
) -> None:
    begin(table, members)
    overtaken = completion(table, "acme", STAFF, lambda: LATER)
    next(overtaken)
    assert work(table) == 3
    assert list(overtaken) == []
    assert staff_in(directory).counts == {"members": 5}


def test_a_member_that_ended_meanwhile_is_left_out(
    table: Table, directory: DynamoDirectory, members: list[Key]
) -> None:
    begin(table, members)
    for key in (members[0], members[4]):
        directory.delete("acme", deletion_of(directory.read_latest("acme", [key])[key]))
    work(table)
    assert staff_in(directory).counts == {"members": 3}
    page = directory.edges("acme", STAFF, "members", Direction.UP, None, 9)
    assert [edge.target for edge in page.edges] == members[1:4]


def test_a_journal_that_cannot_go_on_says_so(table: Table, members: list[Key]) -> None:
    journal_id = begin(table, members)
    table.write([Write("Delete", chunk_key("acme", STAFF, journal_id, 0))])
    with pytest.raises(RuntimeError, match="a chunk or its mark is missing"):
        work(table)
