"""The report of `make bench`: its text, and which measurements are worse than reported."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import main, merged, worse
from bench.budgets import AS_OF_NOW, BUDGETS, RELAXED
from bench.report.markdown import written
from bench.walk import BOUNDS

COSTS = {operation: {"round_trips": 1, "rcu": 0.5, "wcu": 0} for operation in BUDGETS}
REPORT: dict[str, Any] = {
    "python": "3.12",
    "modules": dict.fromkeys(BOUNDS, 40),
    "filters": {
        "known shape / recursive descent": 0.2,
        "new shape / scim2-filter-parser": 0.8,
        "known shape / scim2-parse-filter": 1.0,
    },
    "coldStarts": {"users": {"ratio": 0.5, "milliseconds": 200, "megabytes": 40.0}},
    "budgets": {"100": {AS_OF_NOW: COSTS, RELAXED: COSTS}},
    "growth": {
        "values in a body": {
            "sizes": [10, 100],
            "milliseconds": [1, 9],
            "exponent": 0.9,
            "last": 1.0,
        }
    },
    "throughput": {"GET": {"1": {"bySecond": 200, "byCpuSecond": 400}}},
    "beside": {
        "GET": {"whole": 0.5, "withoutClient": 0.2, "milliseconds": 1.0, "peerMilliseconds": 2.0}
    },
    "waiting": {"at once": 0.5},
    "besideScimmy": {
        "PUT": {"whole": 0.9, "withoutClient": 0.6, "milliseconds": 0.7, "peerMilliseconds": 0.8}
    },
}
LATER = {"growth", "waiting", "throughput"}
"""Parts that reports of before have not."""


def test_every_figure_has_a_row_and_its_goal() -> None:
    text = written(REPORT)
    assert "Measured with Python 3.12; the functions run on python3.13 (`template.yaml`)." in text
    assert "| known shape / recursive descent | 0.2 | 0.25 |" in text
    assert "| known shape / scim2-parse-filter | 1.0 |  |" in text
    assert "| PUT | 0.9 | 0.6 | 0.7 | 0.8 |" in text
    assert "| users | 0.5 | 0.5 | 40.0 |" in text
    assert "| at once | 0.50 | 0.25 |" in text
    assert "| values in a body | 10 / 100 | 1 / 9 | 0.9 | 1.0 |" in text
    assert "| GET | 1,000 | 200 | 400 |" in text
    assert "| GET | 0.5 | 0.6 | 0.2 | 0.22 | 1.0 | 2.0 |" in text
    assert "| GET user | as of now | 1 / 1 / 0 | 1 / 0.5 / 0 |" in text
    assert all(f"| {name} | 40 | {most} |" in text for name, most in BOUNDS.items())


BEFORE: dict[str, Any] = {
    **{name: table for name, table in REPORT.items() if name != "besideScimmy"},
    "filters": {"known shape / recursive descent": 0.2},
}
"""As it was reported when nothing ran in Node."""


def test_a_report_without_figures_from_node_can_be_read() -> None:
    text = written(BEFORE)
    assert "| known shape / recursive descent | 0.2 | 0.25 |" in text
    assert "scimmy" not in text
    assert list(worse(REPORT, BEFORE)) == list(worse(BEFORE, REPORT)) == []


def test_a_part_is_not_measured_with_another_python_than_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "performance.json"
    report.write_text(json.dumps({"python": "3.9"}))
    monkeypatch.setattr("bench.__main__.REPORT", report)
    assert main(["filters"]) == 2
    assert "was measured with Python 3.9" in capsys.readouterr().err


def test_figures_that_were_not_measured_stay_as_reported() -> None:
    now = {"filters": {"new shape / scim2-filter-parser": 0.7}, "besideScimmy": {}}
    after = merged(REPORT, now, *now)
    assert after["besideScimmy"] == REPORT["besideScimmy"]
    assert after["filters"] == REPORT["filters"] | now["filters"]
    assert after["beside"] == REPORT["beside"]


@pytest.mark.parametrize(
    ("place", "value", "complaints"),
    [
        (("modules", "GET by id"), 40, 0),
        (("modules", "GET by id"), 41, 1),
        (("filters", "new shape / scim2-filter-parser"), 1.03, 0),
        (("filters", "new shape / scim2-filter-parser"), 1.05, 1),
        (("coldStarts", "users", "ratio"), 0.64, 0),
        (("coldStarts", "users", "ratio"), 0.66, 1),
        (("coldStarts", "new"), {"ratio": 9.0, "milliseconds": 9, "megabytes": 9.0}, 0),
        (("growth", "values in a body", "exponent"), 1.1, 0),
        (("growth", "values in a body", "exponent"), 1.2, 1),
        (("beside", "GET", "whole"), 0.64, 0),
        (("beside", "GET", "whole"), 0.66, 1),
        (("beside", "GET", "withoutClient"), 0.27, 1),
        (("filters", "known shape / scim2-parse-filter"), 1.31, 1),
        (("besideScimmy", "PUT", "whole"), 1.16, 0),
        (("besideScimmy", "PUT", "whole"), 1.18, 1),
        (("besideScimmy", "PUT", "withoutClient"), 0.79, 1),
        (("budgets", "100", RELAXED, "GET user", "rcu"), 1, 1),
    ],
    ids=str,
)
def test_a_count_may_not_grow_and_a_ratio_by_less_than_a_third(
    place: tuple[str, ...], value: object, complaints: int
) -> None:
    now = copy.deepcopy(REPORT)
    *above, last = place
    held = now
    for name in above:
        held = held[name]
    held[last] = value
    assert len(list(worse(now, REPORT))) == complaints


def test_an_older_report_with_fewer_parts_can_be_read() -> None:
    old = {name: each for name, each in REPORT.items() if name not in LATER}
    text = written(old)
    assert not any(f"## {name.capitalize()}" in text for name in LATER)
    assert list(worse(REPORT, old)) == []
