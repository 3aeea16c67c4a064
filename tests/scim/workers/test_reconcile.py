"""The daily comparison continues for each tenant where it ended, and no tenant holds up another."""

import json
from collections.abc import Iterable, Iterator

import pytest

from scim.errors import Unavailable
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.workers.reconcile import AT_ONCE, NotReconciledError, reconciler

NOW = "2026-03-31T10:00:00.000Z"
A_DAY_AGO = "2026-03-30T09:00:00.000Z"
LONG_AGO = "2026-03-02T10:00:00.000Z"
"""29 days before: what is older is in no log of 30 days any more."""


class Log:
    def __init__(self, **missing: int) -> None:
        self.missing = missing
        self.compared: dict[str, str] = {}
        self.asked: list[tuple[str, list[str], str, str]] = []
        self.stored: list[int] = []

    def compared_until(self, tenant: str) -> str:
        return self.compared.get(tenant, "")

    def note_compared(self, tenant: str, until: str) -> None:
        self.compared[tenant] = until

    def notices(
        self, tenant: str, types: Iterable[str], since: str, until: str
    ) -> Iterator[LogEntry]:
        self.asked.append((tenant, list(types), since, until))
        if tenant == "broken":
            raise Unavailable("The table does not answer.")
        if tenant == "damaged":
            raise ValueError("stored bytes are damaged")
        for number in range(self.missing.get(tenant, 0)):
            yield LogEntry(Key("User", str(number)), 2, 1, A_DAY_AGO, "patch", is_gap=True)

    def append(self, tenant: str, entries: Iterable[LogEntry], days: int) -> int:
        self.stored.append(len(list(entries)))
        return self.stored[-1]


def run(log: Log, *tenants: str, feed: Feed | None = None, **event: str) -> dict[str, object]:
    handler = reconciler(
        lambda: tenants, lambda _: ["User", "Group"], log, lambda _: feed or Feed(), lambda: NOW
    )
    return handler(event, None)


def test_a_tenant_is_compared_from_where_it_was_up_to_where_the_stream_has_ended() -> None:
    log = Log()
    log.compared = {"acme": "2026-03-28T09:00:00.000Z", "old": "2026-01-01T00:00:00.000Z"}
    run(log, "acme", "new", "old")
    assert log.asked == [
        ("acme", ["User", "Group"], "2026-03-28T09:00:00.000Z", A_DAY_AGO),
        ("new", ["User", "Group"], LONG_AGO, A_DAY_AGO),
        ("old", ["User", "Group"], LONG_AGO, A_DAY_AGO),
    ]
    assert log.compared == dict.fromkeys(("acme", "new", "old"), A_DAY_AGO)
    run(log, "acme")
    assert len(log.asked) == 3, "all of it was compared"


@pytest.mark.parametrize("days", [1, 2, 3])
def test_a_log_of_few_days_is_compared_too(days: int) -> None:
    log = Log()
    run(log, "acme", feed=Feed(days=days))
    assert log.asked == [("acme", ["User", "Group"], "2026-03-28T10:00:00.000Z", A_DAY_AGO)]


def test_missing_changes_are_stored_in_parts_and_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = Log(acme=AT_ONCE + 1, other=1)
    assert run(log, "acme", "other") == {"changesMissing": AT_ONCE + 2, "until": A_DAY_AGO}
    assert log.stored == [AT_ONCE, 1, 1]
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert counted["ChangesMissing"] == AT_ONCE + 2


@pytest.mark.parametrize("tenant", ["broken", "damaged"])
def test_one_tenant_that_fails_holds_up_no_other_and_is_told(
    tenant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(acme=1)
    with pytest.raises(NotReconciledError):
        run(log, tenant, "acme")
    assert log.compared == {"acme": A_DAY_AGO}
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert counted["ChangesMissing"] == 1


def test_the_event_may_name_the_end_of_the_comparison() -> None:
    log = Log()
    assert run(log, "acme", until="2026-03-31T12:00:00+02:00")["until"] == NOW


def test_a_tenant_without_a_log_is_left_alone() -> None:
    log = Log(acme=1)
    run(log, "acme", feed=Feed(is_on=False))
    assert log.asked == []
    assert log.compared == {}
