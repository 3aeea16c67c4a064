"""Entries of the change log about the operations of a job."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import ANSWER, LogEntry
from tests.fakes.operations import gone, managed, named, user
from tests.fakes.workshop import TENANT, Workshop


@dataclass
class ChangeFeed:
    """The log and the feed of one tenant."""

    feed: Feed
    told: list[LogEntry] = field(default_factory=list)

    @property
    def log(self) -> "ChangeFeed":
        return self

    @property
    def feeds(self) -> "ChangeFeed":
        return self

    def of(self, tenant: str) -> Feed:
        assert tenant == TENANT
        return self.feed

    def append(self, tenant: str, entries: Sequence[LogEntry], days: int) -> int:
        assert (tenant, days) == (TENANT, self.feed.days)
        self.told += entries
        return len(entries)


OPERATIONS = [
    managed("chief", "deputy"),
    managed("deputy", "chief"),
    user("ann"),
    named("/Users/bulkId:ann", "Ann"),
    gone("/Nowhere/no id"),
]


def test_each_operation_is_told_once_when_it_is_finished(shop: Workshop) -> None:
    change_feed = ChangeFeed(Feed(days=9))
    shop = replace(shop, job_context=replace(shop.job_context, change_feed=change_feed))
    job = shop.accept(OPERATIONS)
    shop.turn(job)
    ids = [str(entry.get("location", "")).rpartition("/")[2] for entry in shop.entries(job)]
    told = {int(str(entry.detail["index"])): entry for entry in change_feed.told}
    assert len(change_feed.told) == len(told) == len(OPERATIONS)
    assert {entry.kind for entry in change_feed.told} == {ANSWER}
    assert [told[index].key for index in range(5)] == [
        *[("User", id_) for id_ in ids[:4]],
        ("Bulk", job.id),
    ]
    assert ids[3] == ids[2]
    # Who refers to each other has a second version with its link.
    assert [
        (entry.detail["status"], entry.detail.get("version")) for _, entry in sorted(told.items())
    ] == [
        ("201", 'W/"1"'),
        ("201", 'W/"2"'),
        ("201", 'W/"1"'),
        ("200", 'W/"2"'),
        ("404", None),
    ]


def test_a_log_that_is_off_is_told_nothing(shop: Workshop) -> None:
    change_feed = ChangeFeed(Feed(is_on=False))
    shop = replace(shop, job_context=replace(shop.job_context, change_feed=change_feed))
    shop.turn(shop.accept(OPERATIONS[2:]))
    assert change_feed.told == []
