"""Reads cost as little as possible and show neither deleted nor ending resources."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scim.resource.access_path import Direction, EdgePage
from scim.resource.record import Key
from scim.store.directory import read
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Cost, Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from tests.contract.samples import deletion_of, group, joining, user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ANN, BOB, ZOE = (Key("User", name) for name in ("ann", "bob", "zoe"))
STAFF, CREW = Key("Group", "staff"), Key("Group", "crew")


class Lagging:
    """A client whose cheap reads find nothing yet."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_item(self, **request: Any) -> Any:
        return self._client.get_item(**request) if request["ConsistentRead"] else {}


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def table(client: "DynamoDBClient", table_name: str, meter: Meter) -> Table:
    return Table(client, table_name, meter, Retry(), may_lag=True)


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    """Return a directory of Ann and Bob, who are both in two groups."""
    directory = DynamoDirectory(client, table_name)
    for key in (ANN, BOB):
        directory.create("acme", replace(user(key.id), key=key))
    for key in (STAFF, CREW):
        directory.create("acme", replace(group(key.id, [ANN, BOB]), key=key))
    return directory


def delete(directory: DynamoDirectory, key: Key) -> None:
    directory.delete("acme", deletion_of(directory.read_latest("acme", [key])[key]))


def test_a_record_is_read_at_half_the_price(
    directory: DynamoDirectory, table: Table, meter: Meter
) -> None:
    found = read.record(table, "acme", ANN)
    assert found is not None
    assert found.key == ANN
    assert meter.reading() == Cost(1, 0.5, 0)


def test_an_absence_is_made_sure_of(table: Table, meter: Meter) -> None:
    assert read.record(table, "acme", ANN) is None
    assert meter.reading() == Cost(2, 1.5, 0)


def test_a_record_as_of_now_is_one_read_there_or_not(
    client: "DynamoDBClient", table_name: str, directory: DynamoDirectory, meter: Meter
) -> None:
    current = Table(Lagging(client), table_name, meter, Retry())
    assert read.record(current, "acme", Key("User", "nobody")) is None
    assert read.record(current, "acme", ANN) is not None
    assert read.records(current, "acme", [ANN, BOB]).keys() == {ANN, BOB}
    assert meter.reading() == Cost(3, 1 + 1 + 2, 0)


def test_a_resource_just_created_is_found_although_reads_lag(
    client: "DynamoDBClient", table_name: str, directory: DynamoDirectory
) -> None:
    lagging = Table(Lagging(client), table_name, Meter(), Retry(), may_lag=True)
    assert read.record(lagging, "acme", ANN) is not None


def test_a_deleted_resource_is_not_found(
    directory: DynamoDirectory, table: Table, meter: Meter
) -> None:
    delete(directory, ANN)
    assert read.record(table, "acme", ANN) is None
    assert read.latest_records(table, "acme", [ANN, BOB]).keys() == {BOB}
    assert read.records(table, "acme", [ANN, BOB]).keys() == {BOB}


@pytest.mark.parametrize("id_", ["", "a#b", "a/b", "ä", "x" * 129, "a\n"])
def test_an_impossible_id_costs_no_read(table: Table, meter: Meter, id_: str) -> None:
    odd = Key("User", id_)
    assert read.record(table, "acme", odd) is None
    assert read.latest_records(table, "acme", [odd]) == {}
    assert read.records(table, "acme", [odd]) == {}
    pairs = [(odd, "ann"), (STAFF, id_)]
    assert read.edges_between(table, "acme", pairs, "members") == {}
    assert meter.reading() == Cost()


def test_records_a_moment_old_cost_half(
    directory: DynamoDirectory, table: Table, meter: Meter
) -> None:
    read.latest_records(table, "acme", [ANN, BOB])
    assert meter.reading() == Cost(1, 2, 0)
    meter.reset()
    read.records(table, "acme", [ANN, BOB])
    assert meter.reading() == Cost(1, 1, 0)


def test_records_of_two_types_with_one_id_are_distinguished(
    directory: DynamoDirectory, table: Table
) -> None:
    found = read.latest_records(table, "acme", [ANN, STAFF])
    assert {key: record.key for key, record in found.items()} == {ANN: ANN, STAFF: STAFF}


@pytest.mark.parametrize("limit", [0, -1])
def test_a_page_of_nothing_asks_for_nothing(table: Table, meter: Meter, limit: int) -> None:
    assert read.edge_page(table, "acme", STAFF, "members", Direction.UP, None, limit).edges == ()
    pages = read.edge_pages(table, "acme", [STAFF, CREW], "members", limit)
    assert {key: page.edges for key, page in pages.items()} == {STAFF: (), CREW: ()}
    assert meter.reading() == Cost()


def test_edges_of_no_sources_ask_for_nothing(table: Table, meter: Meter) -> None:
    assert read.edge_pages(table, "acme", [], "members", 9) == {}
    assert meter.reading() == Cost()


def targets(page: EdgePage) -> list[str]:
    return [edge.target.id for edge in page.edges]


def test_edges_come_in_pages(directory: DynamoDirectory, table: Table) -> None:
    first = read.edge_page(table, "acme", STAFF, "members", Direction.UP, None, 1)
    assert (targets(first), first.beyond) == (["ann"], "ann")
    second = read.edge_page(table, "acme", STAFF, "members", Direction.UP, first.beyond, 1)
    assert (targets(second), second.beyond) == (["bob"], None)


@pytest.mark.parametrize("sources", [[STAFF], [STAFF, CREW]], ids=["one", "two"])
def test_edges_of_several_sources_are_each_their_own(
    directory: DynamoDirectory, table: Table, meter: Meter, sources: list[Key]
) -> None:
    pages = read.edge_pages(table, "acme", sources, "members", 9)
    assert {key: targets(page) for key, page in pages.items()} == {
        key: ["ann", "bob"] for key in sources
    }
    # The jobs are read once, whoever has edges.
    assert meter.reading().round_trips == 1 + len(sources)


def test_edges_to_ending_resources_do_not_show(directory: DynamoDirectory, table: Table) -> None:
    # A nested group with a member of its own is left to the reaper.
    everyone = Key("Group", "all")
    directory.create("acme", replace(group("all", [ANN, CREW]), key=everyone))
    delete(directory, CREW)
    assert targets(read.edge_page(table, "acme", everyone, "members", Direction.UP, None, 9)) == [
        "ann"
    ]
    # Whoever asks for the very edge wants to know what is stored.
    pair = (everyone, "crew")
    assert read.edges_between(table, "acme", [pair], "members").keys() == {pair}


def test_edges_are_found_by_both_their_ends(directory: DynamoDirectory, table: Table) -> None:
    pairs = [(STAFF, "ann"), (STAFF, "carl"), (CREW, "bob"), (Key("Group", "none"), "ann")]
    found = read.edges_between(table, "acme", pairs, "members")
    assert {pair: edge.target for pair, edge in found.items()} == {
        (STAFF, "ann"): ANN,
        (CREW, "bob"): BOB,
    }
    assert read.edges_between(table, "acme", pairs, "owners") == {}


def test_a_page_is_filled_beyond_ending_resources(directory: DynamoDirectory, table: Table) -> None:
    everyone = Key("Group", "all")
    directory.create("acme", replace(group("all", [STAFF, CREW, BOB]), key=everyone))
    delete(directory, CREW)
    page = read.edge_page(table, "acme", everyone, "members", Direction.UP, None, 2)
    assert (targets(page), page.beyond) == (["bob", "staff"], None)
    directory.create("acme", replace(user("zoe"), key=ZOE))
    directory.update("acme", joining(directory.read_latest("acme", [everyone])[everyone], ANN, ZOE))
    page = read.edge_page(table, "acme", everyone, "members", Direction.UP, None, 3)
    assert (targets(page), page.beyond) == (["ann", "bob", "staff"], "staff")


def test_edges_of_ending_resources_do_not_show(directory: DynamoDirectory, table: Table) -> None:
    delete(directory, STAFF)
    assert targets(read.edge_page(table, "acme", STAFF, "members", Direction.UP, None, 9)) == []
    pages = read.edge_pages(table, "acme", [STAFF, CREW], "members", 9)
    assert {key: targets(page) for key, page in pages.items()} == {
        STAFF: [],
        CREW: ["ann", "bob"],
    }
