"""Tolerances used by a request are counted, measured and shown."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from scim.http.message.response import Reply
from scim.http.tolerance import HEADER, ToleranceReport
from scim.profile import Tolerance
from scim.service.metrics import BY_OPERATION, BY_TENANT
from tests.fakes.endpoint import TENANT

TWO = frozenset({Tolerance.STRING_BOOLEAN, Tolerance.CAPITALISED_OP})


@dataclass
class Noted:
    """Remembers what was counted."""

    calls: list[tuple[str, list[str]]] = field(default_factory=list)

    def note(self, tenant: str, names: Iterable[str]) -> None:
        self.calls.append((tenant, list(names)))


def _told(
    noted: Noted,
    reply: Reply,
    *,
    is_shown: bool = True,
    measured_by: Sequence[Sequence[str]] = BY_TENANT,
) -> Reply:
    return ToleranceReport(noted, is_shown, measured_by, "scim-dev").report(TENANT, reply)


def test_tolerances_are_counted_and_named_in_a_header() -> None:
    noted = Noted()
    told = _told(noted, Reply(200, {}, {"ETag": "x"}, TWO))
    assert told.headers == {"ETag": "x", HEADER: "capitalisedOp, stringBoolean"}
    assert [names for _, names in noted.calls] == [["capitalisedOp", "stringBoolean"]]


def test_an_ignored_name_is_reported_with_a_suggestion() -> None:
    why = ("User has no attribute 'naïve'; did you mean 'name'?",)
    told = _told(Noted(), Reply(200, {}, {}, frozenset({Tolerance.UNKNOWN_PATHS}), ignored=why))
    expected = "unknownPaths (User has no attribute 'na?ve'; did you mean 'name'?)"
    assert told.headers == {HEADER: expected}


def test_the_header_is_there_only_where_it_is_wanted() -> None:
    noted = Noted()
    assert _told(noted, Reply(200, {}, {}, TWO), is_shown=False).headers == {}
    assert len(noted.calls) == 1


def test_each_tolerance_is_a_metric_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    _told(Noted(), Reply(200, {}, {}, TWO))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["tolerance"] for line in lines] == ["capitalisedOp", "stringBoolean"]
    assert [line["Tolerated"] for line in lines] == [1, 1]
    (described,) = lines[0]["_aws"]["CloudWatchMetrics"]
    assert described["Dimensions"] == [["service", "tolerance"], ["service", "tenant", "tolerance"]]
    assert {line["service"] for line in lines} == {"scim-dev"}


@pytest.mark.parametrize(
    ("measured_by", "expected"),
    [((), []), (BY_OPERATION, [[["service", "tolerance"]]] * 2)],
    ids=["off", "operations"],
)
def test_a_tolerance_is_counted_by_tenant_only_where_requests_are(
    measured_by: Sequence[Sequence[str]], expected: object, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = Noted()
    _told(noted, Reply(200, {}, {}, TWO), measured_by=measured_by)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    dimensions = [line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] for line in lines]
    assert dimensions == expected
    assert len(noted.calls) == 1


def test_ignored_names_are_in_no_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    why = ("User has no attribute 'c4n4ry'.",)
    _told(Noted(), Reply(200, {}, {}, frozenset({Tolerance.UNKNOWN_PATHS}), ignored=why))
    assert "c4n4ry" not in capsys.readouterr().out
