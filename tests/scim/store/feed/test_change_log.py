"""The change log stores each version once, in order, at positions without gaps."""

import random
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from scim.errors import Unavailable
from scim.fsck import violations
from scim.moments import seconds_of, time_text
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import ANSWER, LogEntry
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Key
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import AT_ONCE, ChangeLog
from scim.store.keys.feed import LANES, lane_of
from tests.scim.store.faults import losing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = "2026-03-01T10:00:00.000Z"
ANN, BOB = Key("User", "ann"), Key("User", "bob")


def version(key: Key, number: int, **more: Any) -> LogEntry:
    action = "create" if number == 1 else "patch"
    return LogEntry(
        key, number, number - 1, NOW, action, Origin("t1", "token:t1"), after={"n": number}, **more
    )


def everything(log: ChangeLog) -> list[LogEntry]:
    return [
        entry
        for lane in range(LANES)
        for page in log.read("acme", lane, 0, 10_000)
        for entry in page.entries
    ]


def of(log: ChangeLog, key: Key) -> list[tuple[int, bool]]:
    return [(entry.version, entry.is_gap) for entry in everything(log) if entry.key == key]


@pytest.fixture
def log(table: Table) -> ChangeLog:
    return ChangeLog(table, lambda: NOW)


def test_appended_entries_are_read_in_order(log: ChangeLog) -> None:
    entries = [version(ANN, number) for number in range(1, 4)]
    assert log.append("acme", entries, 30) == 3
    assert [entry for entry in everything(log) if entry.key == ANN] == entries


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        ([[1, 2], [1, 2]], [(1, False), (2, False)]),
        ([[1, 2], [2, 3]], [(1, False), (2, False), (3, False)]),
        ([[1], [3], [2]], [(1, False), (3, True), (2, False)]),
        ([[1], [3], [2], [2], [3]], [(1, False), (3, True), (2, False)]),
        ([[2], [1]], [(2, True), (1, False)]),
        ([[1], [5], [3], [2], [4]], [(1, False), (5, True), (3, False), (2, False), (4, False)]),
    ],
    ids=["doubled", "overlapping", "turned around", "both", "the first late", "many late"],
)
def test_each_version_is_stored_once_whatever_the_batches(
    log: ChangeLog, batches: list[list[int]], expected: list[tuple[int, bool]]
) -> None:
    for batch in batches:
        log.append("acme", [version(ANN, number) for number in batch], 30)
    assert of(log, ANN) == expected


def test_positions_have_no_gaps_and_go_on_from_anywhere(log: ChangeLog) -> None:
    lane = lane_of(ANN)
    for number in range(1, 8):
        log.append("acme", [version(ANN, number)], 30)
    log.append("acme", [version(ANN, number) for number in range(8, 12)], 30)
    assert log.ends("acme")[lane] == 11
    for start in range(12):
        stretches = log.read("acme", lane, start, 100)
        found = [s.position + n for s in stretches for n in range(len(s.entries))]
        assert found == list(range(start, 11))
        assert [e.version for s in stretches for e in s.entries] == list(range(start + 1, 12))
    for start in range(11):
        for limit in (1, 2, 3):
            assert log.read("acme", lane, start, limit)[0].position == start


def test_more_than_one_item_holds_is_several(log: ChangeLog) -> None:
    entries = [version(ANN, number) for number in range(1, 2 * AT_ONCE + 5)]
    assert log.append("acme", entries, 30) == len(entries)
    assert [s.position for s in log.read("acme", lane_of(ANN), 0, 1000)] == [0, 100, 200]


def test_answers_of_a_job_beyond_one_item_are_stored_once_each(log: ChangeLog) -> None:
    key = Key("Bulk", "job")
    answers = [
        LogEntry(key, 0, 0, NOW, "delete", kind=ANSWER, detail={"index": number})
        for number in range(2 * AT_ONCE + 5)
    ]
    versions = [version(Key("User", f"u{number}"), 1) for number in range(AT_ONCE)]
    assert log.append("acme", [*answers, *versions], 30) == len(answers) + len(versions)
    stored = everything(log)
    assert [entry for entry in stored if entry.kind == ANSWER] == answers
    assert len(stored) == len(answers) + len(versions)


def test_an_answer_whose_write_got_no_answer_is_stored_once(
    client: "DynamoDBClient", log: ChangeLog
) -> None:
    answer = LogEntry(ANN, 0, 0, NOW, "create", kind=ANSWER, detail={"index": 0})
    with losing(client, "PutItem"):
        assert log.append("acme", [answer, version(ANN, 1)], 30) == 2
    assert everything(log) == [answer, version(ANN, 1)]


@pytest.mark.parametrize("part", ["before", "relations"])
def test_an_entry_too_large_for_an_item_says_to_read_the_state(log: ChangeLog, part: str) -> None:
    text = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=600_000))
    too_large = version(ANN, 2, **{part: {"x": text}})
    log.append("acme", [version(ANN, 1), version(BOB, 1), too_large], 30)
    assert of(log, ANN) == [(1, False), (2, True)]
    assert of(log, BOB) == [(1, False)]


@pytest.mark.timeout(20)
def test_an_entry_too_large_without_its_content_ends_the_append(log: ChangeLog) -> None:
    text = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=600_000))
    answer = LogEntry(ANN, 0, 0, NOW, "post", kind=ANSWER, detail={"bulkId": text})
    with pytest.raises(ValueError, match="too large"):
        log.append("acme", [answer], 30)


def test_a_writer_that_stopped_between_entry_and_mark_doubles_nothing(
    table: Table, log: ChangeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append("acme", [version(ANN, 1)], 30)
    with monkeypatch.context() as stopped:
        stopped.setattr(ChangeLog, "_marked", lambda *_: {})
        log.append("acme", [version(ANN, 2)], 30)
    other = ChangeLog(table, lambda: NOW)
    assert other.append("acme", [version(ANN, 2), version(ANN, 3)], 30) == 1
    assert of(log, ANN) == [(1, False), (2, False), (3, False)]


class Intruder:
    """A table where another writer is faster, so many times."""

    def __init__(self, table: Table, times: int) -> None:
        self._table, self._times = table, times

    def put_alone(self, write: Any) -> bool:
        if write.item["k"] == "log" and self._times:
            self._times -= 1
            number = 100 + self._times
            other = ChangeLog(self._table, lambda: NOW)
            other.append("acme", [version(Key("User", "ann"), 1), version(ANN, number)], 30)
        return self._table.put_alone(write)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


def test_a_writer_that_comes_second_reads_again(table: Table) -> None:
    log = ChangeLog(Intruder(table, 1), lambda: NOW)  # type: ignore[arg-type]
    assert log.append("acme", [version(ANN, 1), version(ANN, 2)], 30) == 1
    assert of(log, ANN) == [(1, False), (100, True), (2, False)]


def test_a_writer_that_is_always_second_gives_up(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim.store.feed.change_log.ROUNDS", 2)
    log = ChangeLog(Intruder(table, 50), lambda: NOW)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        log.append("acme", [version(ANN, 2)], 30)


def test_tenants_have_logs_of_their_own(log: ChangeLog) -> None:
    log.append("acme", [version(ANN, 1)], 30)
    assert log.ends("other") == (0, 0, 0, 0)


def test_an_act_that_is_no_change_is_appended_as_it_comes(log: ChangeLog) -> None:
    refusal = LogEntry(ANN, 0, 0, NOW, "patch", kind="refusal", detail={"rule": "uniqueness"})
    assert log.append("acme", [refusal, version(ANN, 1), refusal], 30) == 3
    assert [entry.kind for entry in everything(log)] == ["refusal", "change", "refusal"]


def expire(client: "DynamoDBClient", table_name: str, positions: Container[int]) -> None:
    """Remove entries that begin at the positions, as DynamoDB removes expired items: in any order."""
    for item in client.scan(TableName=table_name)["Items"]:
        if item["k"]["S"] == "log" and int(item["sk"]["S"]) in positions:
            client.delete_item(TableName=table_name, Key={n: item[n] for n in ("pk", "sk")})


@pytest.mark.parametrize(
    "expired", [range(5), [4], [2, 3, 4], [0, 2]], ids=["all", "the last", "the latest", "some"]
)
def test_a_lane_goes_on_where_it_ended_whatever_has_expired(
    client: "DynamoDBClient", table_name: str, log: ChangeLog, expired: Container[int]
) -> None:
    for number in range(1, 6):
        log.append("acme", [version(ANN, number)], 30)
    expire(client, table_name, expired)
    assert log.ends("acme")[lane_of(ANN)] == 5
    log.append("acme", [version(ANN, 6)], 30)
    assert log.ends("acme")[lane_of(ANN)] == 6
    (page,) = log.read("acme", lane_of(ANN), 5, 100)
    assert (page.position, [each.version for each in page.entries]) == (5, [6])
    assert violations(client.scan(TableName=table_name)["Items"]) == []


@pytest.mark.parametrize(
    ("days", "found"), [(1, 0), (30, 1)], ids=["kept for less", "kept as long"]
)
def test_entries_may_be_missing_that_were_kept_for_less_than_earlier_ones(
    client: "DynamoDBClient", table_name: str, table: Table, days: int, found: int
) -> None:
    """`scim feed set --days` may have shortened the time after the earlier ones were logged."""
    now = time_text(datetime.now(UTC))
    log = ChangeLog(table, lambda: now)
    for number, kept in ((1, 30), (2, days), (3, days)):
        log.append("acme", [version(ANN, number)], kept)
    expire(client, table_name, [1])
    items = client.scan(TableName=table_name)["Items"]
    assert len([each for each in violations(items) if "no entries from 1 on" in each]) == found


def test_the_mark_of_a_live_resource_does_not_expire(
    client: "DynamoDBClient", table_name: str, log: ChangeLog
) -> None:
    log.append("acme", [version(ANN, 1), version(BOB, 1)], 30)
    log.append("acme", [replace(version(BOB, 2), action=Action.DELETE)], 30)
    items = client.scan(TableName=table_name)["Items"]
    marks = {item["sk"]["S"]: "ttl" in item for item in items if item["k"]["S"] == "logged"}
    assert marks == {"User#ann": False, "User#bob": True}


def test_the_mark_of_a_deleted_resource_outlives_the_days_that_are_compared(
    client: "DynamoDBClient", table_name: str, log: ChangeLog
) -> None:
    log.append("acme", [replace(version(ANN, 1), action=Action.DELETE)], 1)
    items = client.scan(TableName=table_name)["Items"]
    ends = {item["k"]["S"]: int(item["ttl"]["N"]) for item in items if "ttl" in item}
    assert ends["log"] == seconds_of(NOW) + 86_400
    assert ends["logged"] - seconds_of(NOW) > 86_400 * Feed(days=1).compared_days


def _deliver_again(log: ChangeLog) -> None:
    assert log.append("acme", [version(ANN, 1), version(ANN, 2)], 30) == 0


def _compare(log: ChangeLog) -> None:
    log.note_compared("acme", NOW)


@pytest.mark.parametrize("made_up", [_deliver_again, _compare])
def test_an_end_that_a_stopped_writer_did_not_store_is_stored_later(
    client: "DynamoDBClient",
    table_name: str,
    log: ChangeLog,
    monkeypatch: pytest.MonkeyPatch,
    made_up: Callable[[ChangeLog], None],
) -> None:
    with monkeypatch.context() as stopped:
        stopped.setattr(ChangeLog, "_note_end", lambda *_: None)
        log.append("acme", [version(ANN, 1), version(ANN, 2)], 30)
    made_up(log)
    expire(client, table_name, [0])
    assert log.ends("acme")[lane_of(ANN)] == 2


def test_a_change_costs_three_units(client: "DynamoDBClient", table_name: str) -> None:
    meter = Meter()
    log = ChangeLog(Table(client, table_name, meter, Retry()), lambda: NOW)
    log.append("acme", [version(ANN, 1)], 30)
    assert meter.reading().wcu == 3
    meter.reset()
    log.append("acme", [version(ANN, number) for number in range(2, 52)], 30)
    assert meter.reading().wcu <= 4


def shuffled(seed: int) -> list[list[tuple[str, int]]]:
    """Return batches of versions of a few resources: doubled, overlapping and out of order."""
    chance = random.Random(seed)
    versions = [(f"u{n % 5}", n // 5 + 1) for n in range(60)]
    batches = [versions[start : start + 7] for start in range(0, 60, 7)]
    batches += [chance.choice(batches) for _ in range(4)]
    for _ in range(6):
        one = chance.randrange(len(batches) - 1)
        batches[one : one + 2] = reversed(batches[one : one + 2])
    return batches


@pytest.mark.parametrize("seed", range(3))
def test_after_any_order_every_version_is_there_once(log: ChangeLog, seed: int) -> None:
    for batch in shuffled(seed):
        log.append("acme", [version(Key("User", id_), number) for id_, number in batch], 30)
    found = sorted((entry.key.id, entry.version) for entry in everything(log))
    assert found == sorted((f"u{n % 5}", n // 5 + 1) for n in range(60))
