"""Every row of the vendors' documents is covered by a transcript or a test, which the documents name."""

import re
from pathlib import Path

import pytest

from tests.profiles.transcript import HERE, transcripts

ROWS = {"C1": 8, "C2": 7, "C3": 7, "C4": 9, "C5": 6}
DOCUMENT = HERE.parent.parent / "docs" / "vendor-profiles.md"
_LINE = re.compile(r"^\| (C\d\.\d) \|.*\|(.*)\|$", re.MULTILINE)
_LINK = re.compile(r"\]\(\.\./(tests/[^)]+)\)")


def _told() -> dict[str, list[str]]:
    return {row: _LINK.findall(cell) for row, cell in _LINE.findall(DOCUMENT.read_text("utf-8"))}


@pytest.mark.parametrize(
    "row", [f"{group}.{number}" for group, most in ROWS.items() for number in range(1, most + 1)]
)
def test_every_row_is_shown(row: str) -> None:
    shown = [
        f"tests/profiles/{each.profile}/{each.name}.json"
        for each in transcripts()
        if row in each.rows
    ]
    told = _told().get(row, [])
    assert told, f"docs/vendor-profiles.md does not tell of {row}"
    assert set(shown) <= set(told), f"docs/vendor-profiles.md is behind: {shown}"
    for path in told:
        assert (Path(HERE).parent.parent / path).is_file(), path
        if path.endswith(".json"):
            assert path in shown, f"{path} does not show {row}"
