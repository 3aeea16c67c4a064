"""Limits are one document of the template, and arguments by their own names locally."""

import json
import re
from pathlib import Path

import pytest

from local.limits import declarations, folded, wrong_with
from scim.variable import LimitsError

DOCUMENT = Path(__file__).parents[2] / "docs" / "limits.md"


def test_arguments_that_are_not_limits_stay_outside_the_document() -> None:
    given = folded({"Meter": "1", "PageSize": "5", "Limits": '{"MaxMembers":7}'})
    assert given["Meter"] == "1"
    assert json.loads(given["Limits"]) == {"PageSize": 5, "MaxMembers": 7}
    assert folded({"Meter": "1"}) == {"Meter": "1"}


@pytest.mark.parametrize("document", ["[]", "x", '{"MaxMembres":1}', '{"MaxMembers":"many"}'])
def test_a_document_that_is_none_is_refused(document: str) -> None:
    with pytest.raises(LimitsError):
        wrong_with(document)


def test_a_number_out_of_bounds_is_named() -> None:
    assert "SCIM_MAX_FILTER_DEPTH" in wrong_with('{"MaxFilterDepth":33}')
    assert wrong_with('{"MaxFilterDepth":32}') == ""


def test_the_documented_limits_are_the_settings() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\d+) \| (\d*) \| (\d*) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    documented = {
        name: (int(default), int(least or 0), int(most) if most else None)
        for name, default, least, most in rows
    }
    declared = {
        name: (each["Default"], each.get("MinValue", 0), each.get("MaxValue"))
        for name, each in declarations().items()
    }
    assert documented == declared, "change the table of docs/limits.md"
