"""Defects are inserted into a copy, one at a time, and the method that detects each is reported."""

from collections import Counter
from pathlib import Path

import pytest

from local.tools.mutants import LAYER, Mutant, mutants, noticed, table_of

HALVED = Mutant(1, "semantics", "sum.py", "a + b", "a - b", ("test_other.py", "test_sum.py"))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    layer, tests = tmp_path / LAYER, tmp_path / "tests"
    for folder in (layer, tests):
        folder.mkdir(parents=True)
    (layer / "sum.py").write_text("def plus(a, b):\n    return a + b\n", "utf-8")
    (tests / "test_other.py").write_text("def test_nothing(): ...\n", "utf-8")
    (tests / "test_sum.py").write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(layer)!r})\n"
        "def test_sum():\n    from sum import plus\n    assert plus(1, 2) == 3\n",
        "utf-8",
    )
    return tmp_path


def test_sixty_defects_can_be_sown_where_they_are_said() -> None:
    # Code changes: a few may wait for whoever runs this next, who is told of them.
    assert sum(mutant.can_be_sown for mutant in mutants()) >= 60


def test_every_area_has_at_least_five_defects() -> None:
    areas = Counter(mutant.area for mutant in mutants())
    assert {"semantics", "concurrency", "rights", "paging", "jobs", "events", "imports"} == set(
        areas
    )
    assert min(areas.values()) >= 5


def test_every_method_of_detection_exists() -> None:
    named = {method for mutant in mutants() for method in mutant.by} - {"simulator"}
    assert [method for method in sorted(named) if not Path("tests", method).exists()] == []


@pytest.mark.long
def test_the_detecting_method_is_reported_and_the_copy_is_restored(folder: Path) -> None:
    assert noticed(folder, HALVED) == "test_sum.py"
    assert (folder / LAYER / "sum.py").read_text("utf-8").endswith("a + b\n")


@pytest.mark.long
def test_an_unnoticed_defect_is_reported(folder: Path) -> None:
    silent = Mutant(2, "semantics", "sum.py", "a + b", "b + a", HALVED.by)
    assert noticed(folder, silent) == ""


@pytest.mark.parametrize("only", ["", "semantics", "1", "sum.py"])
def test_defects_are_selected_by_area_number_or_file(only: str) -> None:
    assert HALVED.is_meant(only)
    assert only == "" or not HALVED.is_meant(f"{only}x")


def test_the_table_says_what_was_noticed_and_what_was_not() -> None:
    other = Mutant(2, "rights", "b.py", "x | y", "x", ())
    table = table_of({HALVED.name: "test_sum.py", other.name: ""}, [HALVED, other])
    assert "1 of 2 defects were detected; 2 are defined." in table
    assert "| semantics | 1 | 0 | 1 | 0 |\n| rights | 1 | 0 | 0 | 1 |\n" in table
    assert table.endswith("\n\n- not detected: `b.py: x | y -> x`")
