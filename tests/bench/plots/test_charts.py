"""The pictures of the report show its figures, and the committed ones are current."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.beside.requests import PEER
from bench.budgets import AS_OF_NOW
from bench.plots.charts import Bar, Bars, Line, Lines, charts
from bench.plots.draw import draw

DOCUMENT = Path(__file__).parents[3] / "docs" / "performance.md"
REPORT: dict[str, Any] = {
    "budgets": {
        "100": {AS_OF_NOW: {"GET user": {"round_trips": 1, "rcu": 1, "wcu": 0.5}}},
        "10000": {AS_OF_NOW: {"GET user": {"round_trips": 2, "rcu": 3, "wcu": 4}}},
    },
    "beside": {
        "GET": {"whole": 0.5, "withoutClient": 0.2, "milliseconds": 1, "peerMilliseconds": 2},
        "member add at 10,000": {
            "whole": 0.1,
            "withoutClient": 0.1,
            "milliseconds": 3,
            "peerMilliseconds": 300,
        },
        "member add at 1,000": {
            "whole": 0.2,
            "withoutClient": 0.1,
            "milliseconds": 2,
            "peerMilliseconds": 20,
        },
        "another": {"whole": 0.5, "withoutClient": 0.2, "milliseconds": 1, "peerMilliseconds": 2},
    },
    "besideScimmy": {"member add at 1,000": {"peerMilliseconds": 130}},
    "coldStarts": {"users": {"ratio": 0.5}, "authorizer": {"ratio": 0.3}, "naive": {"ratio": 1.0}},
    "growth": {"values": {"sizes": [10, 100], "milliseconds": [1, 9], "last": 0.95}},
}


def test_a_picture_without_data_is_left_out() -> None:
    assert charts({}) == {}
    assert set(charts({"beside": {"GET": REPORT["beside"]["GET"]}})) == {"beside"}
    assert set(charts(REPORT)) == {"size", "beside", "member", "cold", "growth"}


def test_costs_are_shown_by_the_size_of_the_directory() -> None:
    chart = charts(REPORT)["size"]
    assert isinstance(chart, Lines)
    (panel,) = chart.panels
    assert panel.title == "GET user"
    assert panel.lines == [
        Line("round trips", [100, 10_000], [1, 2]),
        Line("read and write units", [100, 10_000], [1.5, 7]),
    ]


def test_requests_have_their_goals_where_they_have_any() -> None:
    chart = charts(REPORT)["beside"]
    assert isinstance(chart, Bars)
    assert Bar("GET", [0.5, 0.2], [0.6, 0.22]) in chart.bars
    assert Bar("another", [0.5, 0.2], [None, None]) in chart.bars


def test_groups_are_shown_from_the_smallest_on() -> None:
    chart = charts(REPORT)["member"]
    assert isinstance(chart, Lines)
    (panel,) = chart.panels
    assert panel.lines == [
        Line("ours", [1_000, 10_000], [2, 3]),
        Line("scim2-server", [1_000, 10_000], [20, 300]),
        Line("scimmy-routers", [1_000], [130]),
    ]


def test_the_quickest_function_is_first() -> None:
    chart = charts(REPORT)["cold"]
    assert isinstance(chart, Bars)
    assert [bar.label for bar in chart.bars] == ["authorizer", "users", "naive"]
    assert [bar.goals for bar in chart.bars] == [[0.35], [0.5], [None]]


def test_growth_has_a_panel_for_each_request() -> None:
    chart = charts(REPORT)["growth"]
    assert isinstance(chart, Lines)
    assert [panel.title for panel in chart.panels] == ["values (0.95)"]


def test_the_document_shows_every_picture() -> None:
    text = DOCUMENT.read_text("utf-8")
    found = charts(json.loads(DOCUMENT.with_suffix(".json").read_text("utf-8")))
    assert sorted(re.findall(r"!\[[^]]+\]\(performance/(\w+)\.svg\)", text)) == sorted(found)
    assert {path.stem for path in DOCUMENT.with_suffix("").glob("*.svg")} == set(found)
    for name in found:
        drawn = DOCUMENT.with_suffix("").joinpath(f"{name}.svg").read_text("utf-8")
        assert "<dc:date>" not in drawn


def _can_draw() -> bool:
    return PEER.exists() and not subprocess.call([PEER, "-c", "import matplotlib"], stderr=-3)


@pytest.mark.long
def test_the_same_data_makes_the_same_files(tmp_path: Path) -> None:
    if not _can_draw():
        pytest.skip("There is no matplotlib: make bench installs it, in .venv-peer.")
    found = []
    for name in ("one", "two"):
        draw(tmp_path / name, charts(REPORT).values())
        found.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert found[0] == found[1]
    assert len(found[0]) == 5
