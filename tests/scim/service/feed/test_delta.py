"""The pages of a delta query, walked through a log with items of several entries."""

import json
from datetime import timedelta
from typing import Any

import pytest

from scim.errors import InvalidCount, InvalidValue
from scim.moments import later
from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.service.endpoint import Endpoint
from scim.service.feed import delta_responses
from scim.service.feed.delta import DeltaPage, delta, delta_token
from scim.service.messages import Query
from tests.fakes.endpoint import NOW, FakeDeployment
from tests.scim.service.feed.changes import Changes


def changed(id_: str, version: int, **told: Any) -> LogEntry:
    return LogEntry(Key("User", id_), version, version - 1, NOW, "patch", **told)


def moved(id_: str, version: int, before: str, after: str) -> LogEntry:
    return changed(id_, version, before={"title": before}, after={"title": after})


def token_of(endpoint: Endpoint, changes: Changes) -> str:
    return str(delta_token(endpoint, changes)["value"])


def told(page: DeltaPage) -> list[tuple[object, object]]:
    return [(each["changeType"], each["changedResourceId"]) for each in page.resources]


def walked(endpoint: Endpoint, changes: Changes, token: str, count: int) -> list[Any]:
    found, cursor = [], None
    while True:
        page = delta([endpoint], changes, token, Query(count=count, cursor=cursor))
        assert len(page.resources) <= count
        found += told(page)
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_a_resource_that_left_the_filters_is_reported_although_others_fill_the_page() -> None:
    everything = FakeDeployment()
    sold, left = everything.user("a", title="Sales"), everything.user("b", title="Cook")
    some = FakeDeployment(everything.directory, filters=json.dumps({"User": 'title eq "Sales"'}))
    changes, endpoint = Changes(), some.endpoint("User")
    token = token_of(endpoint, changes)
    changes.log.append(
        moved(left, 2, "Sales", "Cook"),
        moved(sold, 2, "Clerk", "Sales"),
        changed(left, 3, before={"nickName": "x"}, after={"nickName": "y"}),
    )
    for count in (1, 2, 3):
        found = walked(some.endpoint("User"), changes, token, count)
        assert set(found) == {("Delete", left), ("Create", sold)}, count


def test_an_unfiltered_token_gets_each_of_many_changes_once() -> None:
    service, changes = FakeDeployment(), Changes()
    ids = [service.user(f"u{number}") for number in range(5)]
    endpoint = service.endpoint("User")
    token = token_of(endpoint, changes)
    changes.log.append(*(moved(id_, n, "a", "b") for n in (2, 3) for id_ in ids))
    changes.log.append(moved(ids[0], 4, "b", "c"))
    for count in (1, 2, 7):
        found = [id_ for _, id_ in walked(endpoint, changes, token, count)]
        assert set(found) == set(ids)
        # Without marks, the first one is told for both items.
        assert len(found) == len(ids) + 1


def test_a_resource_created_by_a_slower_clock_than_the_tokens_is_new() -> None:
    service, changes = FakeDeployment(), Changes()
    known = service.user("known")
    endpoint = service.endpoint("User")
    service.clock.time = "2026-03-01T11:00:00.000Z"
    token = token_of(endpoint, changes)
    service.clock.time = "2026-03-01T10:59:55.000Z"
    new = service.user("new")
    created = LogEntry(Key("User", new), 1, 0, service.clock.now(), "create")
    changes.log.append(created, moved(known, 2, "a", "b"), moved(new, 2, "a", "b"))
    found = walked(service.endpoint("User"), changes, token, 10)
    assert set(found) == {("Update", known), ("Create", new)}


def test_changes_too_heavy_to_be_tested_together_are_all_on_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delta_responses, "FULL", -1)
    service, changes = FakeDeployment(), Changes()
    ids = [service.user(f"u{number}") for number in range(3)]
    endpoint = service.endpoint("User")
    token = token_of(endpoint, changes)
    changes.log.append(*(moved(id_, 2, "a", "b") for id_ in ids))
    page = delta([endpoint], changes, token, Query(count=9))
    assert [id_ for _, id_ in told(page)] == ids


@pytest.mark.parametrize("count", [0, -1])
def test_a_page_has_at_least_one_change(count: int) -> None:
    service, changes = FakeDeployment(), Changes()
    endpoint = service.endpoint("User")
    with pytest.raises(InvalidCount):
        delta([endpoint], changes, token_of(endpoint, changes), Query(count=count))


def test_a_walk_ends_where_everything_up_to_its_end_has_expired() -> None:
    service, changes = FakeDeployment(), Changes()
    ids = [service.user(f"u{number}") for number in range(2)]
    endpoint = service.endpoint("User")
    token = token_of(endpoint, changes)
    for id_ in ids:
        changes.log.append(moved(id_, 2, "a", "b"))
    first = delta([endpoint], changes, token, Query(count=1))
    changes.log.append(moved(ids[0], 3, "b", "c"))
    del changes.log.items[1]
    rest = delta([endpoint], changes, token, Query(count=1, cursor=first.next_cursor))
    assert (told(rest), rest.next_cursor) == ([], None)


def test_a_token_from_before_the_log_that_is_kept_now_has_expired() -> None:
    service, changes = FakeDeployment(), Changes()
    token = token_of(service.endpoint("User"), changes)
    changes.feeds.days = 2
    service.clock.time = later(NOW, timedelta(days=2))
    assert delta([service.endpoint("User")], changes, token, Query()).resources == ()
    service.clock.time = later(NOW, timedelta(days=2, seconds=1))
    with pytest.raises(InvalidValue, match="has expired"):
        delta([service.endpoint("User")], changes, token, Query())


def test_a_token_from_after_the_end_of_the_log_is_refused() -> None:
    service, changes = FakeDeployment(), Changes()
    changes.log.append(moved(service.user("ann"), 2, "a", "b"))
    token = token_of(service.endpoint("User"), changes)
    restored = Changes()
    with pytest.raises(InvalidValue, match="was restored"):
        delta([service.endpoint("User")], restored, token, Query())
