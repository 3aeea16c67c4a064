"""Acts and refusals are kept apart by tenant, read backwards, and cost what the documents say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from scim.fsck import violations
from scim.resource.history.act import Act, Ending
from scim.resource.history.refusal import Refusal
from scim.store.access.audit_records import StoredActs, StoredRefusals
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import packed, packed_object
from scim.store.keys.directory import ItemKey
from tests.contract.stores import local_client, new_table, reported

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOUR = "2026-01-01T12:00:00.000Z"


def _act(number: int, tenant: str = "acme") -> Act:
    asked = {"label": "Okta", "days": 365, "scopes": ["users:*", "groups:*"]}
    arn = "arn:aws:sts::123456789012:assumed-role/Operators/kim@example.com"
    at = f"2026-01-01T12:00:0{number}.000Z"
    return Act(tenant, f"{number:012x}", at, "createToken", arn, "203.0.113.7", "r1", asked=asked)


def _refusal(count: int, token: str = "t1") -> Refusal:
    why = {
        "error": "Forbidden",
        "guard": "http.access",
        "check": "require_permission",
        "rule": "These credentials do not have the permission …",
    }
    at = f"2026-01-01T12:00:0{count}.000Z"
    owner = f"token:{token}"
    return Refusal(
        HOUR, at, count, "PATCH /Users/{id}", 403, token, owner, "okta", "203.0.113.7", why
    )


@pytest.fixture(name="table")
def _table(client: "DynamoDBClient") -> Iterator[Table]:
    name = new_table(client)
    yield Table(client, name, Meter(), Retry())
    assert violations(client.scan(TableName=name)["Items"]) == []


def test_acts_come_the_youngest_first_from_any_place(table: Table) -> None:
    acts = StoredActs(table, 30)
    for number in range(4):
        acts.note(_act(number))
    acts.note(_act(5, "globex"))
    first = acts.older("acme", "~", 3)
    assert [act for _, act in first] == [_act(3), _act(2), _act(1)]
    assert [act for _, act in acts.older("acme", first[-1][0], 3)] == [_act(0)]
    place, pages = "~", []
    while page := acts.older("acme", place, 1):
        ((place, act),) = page
        pages.append(act)
    assert pages == [_act(3), _act(2), _act(1), _act(0)]


def test_the_outcome_of_an_act_replaces_its_beginning(table: Table) -> None:
    acts, begun = StoredActs(table, 30), _act(1)
    acts.note(begun)
    ended = Act(
        **{name: getattr(begun, name) for name in begun.__slots__} | {"outcome": Ending.DONE}
    )
    acts.note(ended)
    assert [act for _, act in acts.older("acme", "~", 3)] == [ended]


def test_refusals_that_are_alike_are_counted_in_one_place(table: Table) -> None:
    refusals = StoredRefusals(table, 30)
    for count in (1, 5, 2):
        refusals.note("acme", _refusal(count))
    refusals.note("acme", _refusal(4, "t2"))
    refusals.note("globex", _refusal(3))
    found = {each.token: (each.count, each.at) for _, each in refusals.older("acme", "~", 9)}
    assert found == {"t1": (8, "2026-01-01T12:00:02.000Z"), "t2": (4, "2026-01-01T12:00:04.000Z")}


@pytest.mark.dynamodb
def test_a_refusal_costs_one_unit_and_an_act_two() -> None:
    with local_client() as client:
        table = Table(client, new_table(client), Meter(), Retry())
        with reported(client) as units:
            StoredRefusals(table, 30).note("acme", _refusal(3))
            StoredActs(table, 30).note(_act(1))
            StoredActs(table, 30).note(_act(1))  # how it ended
    assert dict(units) == {"UpdateItem": 1, "PutItem": 2}


def test_members_stored_by_a_later_version_are_ignored(table: Table) -> None:
    """After a rollback, its records are read with those of this version."""
    acts, refusals = StoredActs(table, 30), StoredRefusals(table, 30)
    acts.note(_act(1))
    refusals.note("acme", _refusal(1))
    for kind in ("AUDIT#acme", "T#acme#refused"):
        (row,) = table.rows(kind).items
        item_key = ItemKey(str(row["pk"]), str(row["sk"]))
        table.put(item_key, {**row, "z": packed({**packed_object(row, "z"), "later": 1})})
    assert [act for _, act in acts.older("acme", "~", 9)] == [_act(1)]
    assert [refusal for _, refusal in refusals.older("acme", "~", 9)] == [_refusal(1)]
