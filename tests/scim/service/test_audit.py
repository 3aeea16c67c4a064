"""The audit is read from three records side by side, each entry once, the youngest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from scim.base64url import base64url
from scim.compact import carried_bytes, json_text
from scim.errors import InvalidCursor, InvalidValue
from scim.moments import time_text
from scim.resource.history.act import Act, Ending
from scim.resource.history.log_entry import LogEntry
from scim.resource.history.origin import Origin
from scim.resource.history.refusal import Refusal
from scim.resource.record import Key
from scim.schema.catalogue import Catalogue
from scim.service.audit import MOST_BYTES, AuditFilter, AuditTrail, audited
from scim.service.audit_entry import without_hidden_values
from tests.scim.resource.types import THING

ALL = AuditFilter()
KIM = "arn:aws:iam::123456789012:user/kim"


def _at(minute: int) -> str:
    return time_text(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))


@dataclass(frozen=True)
class Kept:
    """Places and what is there, the oldest first."""

    held: Sequence[tuple[str, object]]

    def older(self, tenant: str, before: str, limit: int):
        found = [each for each in reversed(self.held) if each[0] < before and tenant == "acme"]
        return found[:limit]


@dataclass(frozen=True)
class Lanes:
    """Lanes of a change log."""

    held: Sequence[Sequence[LogEntry]]

    @property
    def lanes(self) -> int:
        return len(self.held)

    def older(self, tenant: str, lane: int, before: int | None, limit: int):
        entries = list(enumerate(self.held[lane]))[:before] if tenant == "acme" else []
        return list(reversed(entries))[:limit]


def _change(minute: int, id_: str = "1", token: str = "t1") -> LogEntry:
    origin = Origin(token, f"token:{token}", "", "203.0.113.7", "r1")
    return LogEntry(Key("User", id_), 2, 1, _at(minute), "patch", origin, {"a": 1}, {"a": 2})


def _trail() -> AuditTrail:
    lanes = [[_change(n, str(lane)) for n in range(lane, 12, 2)] for lane in (0, 1)]
    why = {"guard": "http.access", "rule": "These credentials do not have the permission"}
    refusal = Refusal(_at(0), _at(5), 3, "DELETE /Users/{id}", 403, "t2", "token:t2", why=why)
    act = Act("acme", "a1", _at(7), "revokeToken", KIM, "203.0.113.8", "r2", Ending.DONE)
    return AuditTrail(Lanes(lanes), Kept([(f"{_at(0)}#x", refusal)]), Kept([(f"{_at(7)}#a1", act)]))


def _all(
    wanted: AuditFilter = ALL, count: int = 100, tenant: str = "acme"
) -> list[dict[str, object]]:
    found, after = audited(_trail(), tenant, wanted, "", count)
    while after:
        page, after = audited(_trail(), tenant, wanted, after, count)
        found += page
    return [dict(each) for each in found]


@pytest.mark.parametrize("count", [1, 2, 5, 13, 14, 100])
def test_every_entry_comes_once_and_the_youngest_first(count: int) -> None:
    found = _all(count=count)
    assert len(found) == 14
    times = [str(each["at"]) for each in found]
    assert times == sorted(times, reverse=True)
    assert _all() == found


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (AuditFilter(kind="change"), 12),
        (AuditFilter(kind="refusal"), 1),
        (AuditFilter(kind="act"), 1),
        (AuditFilter(resource="User/0"), 6),
        (AuditFilter(resource="0"), 6),
        (AuditFilter(resource="Group/0"), 0),
        (AuditFilter(principal="t1"), 12),
        (AuditFilter(principal="token:t2"), 1),
        (AuditFilter(principal=KIM), 1),
        (AuditFilter(since=_at(10)), 2),
        (AuditFilter(until=_at(2)), 2),
        (AuditFilter(since=_at(4), until=_at(6)), 3),
    ],
    ids=str,
)
def test_a_filter_shows_exactly_the_matching_entries(wanted: AuditFilter, number: int) -> None:
    assert len(_all(wanted)) == len(_all(wanted, count=1)) == number


def test_another_tenant_sees_none_of_the_entries() -> None:
    assert _all(tenant="globex") == []


def test_an_entry_has_caller_operation_time_and_address() -> None:
    change, act, refusal = (
        _all()[0],
        _all(AuditFilter(kind="act"))[0],
        _all(AuditFilter(kind="refusal"))[0],
    )
    assert change == {
        "at": _at(11),
        "kind": "change",
        "operation": "patch",
        "resource": "User/1",
        "version": 2,
        "principal": {"token": "t1", "owner": "token:t1"},
        "address": "203.0.113.7",
        "transaction": "r1",
        "before": {"a": 1},
        "after": {"a": 2},
    }
    assert (act["operation"], act["principal"], act["outcome"]) == (
        "revokeToken",
        {"actor": KIM},
        "done",
    )
    assert (refusal["count"], refusal["since"], refusal["status"]) == (3, _at(0), 403)


def test_an_entry_logged_late_is_found() -> None:
    entries = [_change(600), _change(1, "late"), _change(601)]
    trail = AuditTrail(Lanes([entries]), Kept([]), Kept([]))
    found, _ = audited(trail, "acme", AuditFilter(since=_at(600)), "", 10)
    assert [each["at"] for each in found] == [_at(601), _at(600)]


def test_a_notice_of_what_the_stream_lost_hides_nothing_logged_before_it() -> None:
    day = 24 * 60
    lost = [replace(_change(1, f"lost-{number}"), is_gap=True) for number in range(250)]
    changes = [_change(0, "old"), _change(10 * day), _change(10 * day + 1), *lost]
    trail = AuditTrail(Lanes([changes]), Kept([]), Kept([]))
    found, after = audited(trail, "acme", AuditFilter(since=_at(10 * day)), "", 10)
    assert [each["at"] for each in found] == [_at(10 * day + 1), _at(10 * day)]
    assert not after


@pytest.mark.parametrize("is_gap", [True, False])
def test_the_first_entry_after_days_without_any_is_found(is_gap: bool) -> None:
    day = 24 * 60
    recent = replace(_change(10 * day), is_gap=is_gap)
    trail = AuditTrail(Lanes([[_change(0, "old"), recent]]), Kept([]), Kept([]))
    found, after = audited(trail, "acme", AuditFilter(since=_at(9 * day)), "", 10)
    assert ([each["at"] for each in found], after) == ([_at(10 * day)], "")


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "é",
        *(
            base64url(text.encode())
            for text in (
                "[]",
                "{}",
                '["1"]',
                '["a","b","c","d"]',
                f'["~","~","{"9" * 2000}","~"]',
                f'["{"9" * 2000}","~","~","~"]',
                '["~","~","\\ud800","~"]',
                '[Infinity,"~","~","~"]',
                "[" * 9000,
            )
        ),
    ],
)
def test_a_position_that_no_page_returned_is_refused(after: str) -> None:
    with pytest.raises(InvalidCursor, match="The cursor is not one of this list"):
        audited(_trail(), "acme", ALL, after, 10)


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(InvalidValue, match="since: expected a time"):
        audited(_trail(), "acme", AuditFilter(since=time), "", 10)
    with pytest.raises(InvalidValue, match="until: expected a time"):
        audited(_trail(), "acme", AuditFilter(until=time), "", 10)


@pytest.mark.parametrize(
    "time",
    ["2026-01-01T00:04:00Z", "2026-01-01T00:04", "2026-01-01T02:04:00+02:00", "20260101T000400Z"],
)
def test_a_time_counts_as_the_moment_it_names(time: str) -> None:
    assert len(_all(AuditFilter(since=time))) == len(_all(AuditFilter(since=_at(4)))) == 10
    assert len(_all(AuditFilter(until=time))) == len(_all(AuditFilter(until=_at(4)))) == 4


def test_the_earliest_time_selects_everything() -> None:
    assert len(_all(AuditFilter(since="0001-01-01T00:00:00Z"))) == 14


def test_values_that_are_never_returned_are_in_no_entry() -> None:
    act = {"kind": "act", "at": _at(1)}
    entry = {"kind": "change", "resource": "Thing/1", "version": 2}
    values = {
        "before": {"maker": {"value": "7", "secret": "s"}},
        "after": {"maker": {"secret": "t"}},
    }
    known, unknown = Catalogue((), (THING,)), Catalogue((), ())
    shown = {**entry, "before": {"maker": {"value": "7"}}}
    assert without_hidden_values([act, {**entry, **values}], known) == [act, shown]
    assert without_hidden_values([{**entry, **values}], unknown) == [entry]


def test_a_page_ends_before_lambda_refuses_it() -> None:
    quotes = '"' * 700_000
    lanes = [
        [replace(_change(n), before={"title": quotes}, after={"title": f"{n}"}) for n in range(5)]
    ]
    trail = AuditTrail(Lanes(lanes), Kept([]), Kept([]))
    found, pages, after = [], 0, ""
    while after or not pages:
        page, after = audited(trail, "acme", ALL, after, 100)
        assert carried_bytes(json_text({"Resources": page})) < MOST_BYTES + 1000
        found += page
        pages += 1
    assert [each["after"]["title"] for each in found] == ["4", "3", "2", "1", "0"]
    assert pages > 1


def test_an_entry_that_is_too_large_alone_is_shown_without_values() -> None:
    lanes = [
        [
            replace(_change(n), before={"title": "x" * size})
            for n, size in enumerate((1, MOST_BYTES, 2))
        ]
    ]
    trail = AuditTrail(Lanes(lanes), Kept([]), Kept([]))
    found, after = audited(trail, "acme", ALL, "", 100)
    rest, after = audited(trail, "acme", ALL, after, 1)
    last, after = audited(trail, "acme", ALL, after, 100)
    assert [each.get("before") for each in (*found, *rest, *last)] == [
        {"title": "xx"},
        None,
        {"title": "x"},
    ]
    assert [each["version"] for each in rest] == [2]
    assert after == ""
