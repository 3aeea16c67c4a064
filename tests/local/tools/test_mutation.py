"""Random changes: their selection by a seed, their record, and which of them no test detects."""

from pathlib import Path
from typing import Any

import pytest

from local.tools.mutants import LAYER
from local.tools.mutation import areas, chosen, digest_of, equivalent, is_open, is_settled, table_of
from local.tools.mutmut import change_of, configured, place_of

ROW = {"outcome": "survived", "of": "d1", "file": "a.py", "was": "a | b", "became": "a"}
WHY = {("a.py", "a | b", "a"): "b is never there"}


def test_the_files_and_tests_of_each_area_exist() -> None:
    assert [area.name for area in areas()] == [
        "patch",
        "filter",
        "conditions",
        "rights",
        "creations",
    ]
    for area in areas():
        assert all(list(LAYER.glob(pattern)) for pattern in area.files), area.name
        assert [path for path in (*area.tests, *area.without) if not Path(path).exists()] == []


def test_a_result_stays_valid_until_code_changes() -> None:
    code = '"""A module."""\n\nA = "#"  # a sign\n\n\ndef f(a: int) -> str:\n    """Return\n\n    it.\n    """\n    return "b"\n'
    reworded = (
        code.replace("A module", "What it is")
        .replace("# a sign", "# another")
        .replace("    it.\n", "")
    )
    assert digest_of(reworded) == digest_of(code) != ""
    for changed in (
        code.replace('"b"', '"c"'),
        code.replace('"#"', '"# a"'),
        code.replace("int", "str"),
    ):
        assert digest_of(changed) != digest_of(code)


def test_every_judged_change_is_still_a_line_of_its_file() -> None:
    # A renamed value would leave the judgement behind, and the change would count as one that no test noticed.
    judged = [(file, old_line) for file, old_line, _ in equivalent()]
    texts = {file: (LAYER / file).read_text("utf-8") for file, _ in judged}
    assert [place for place in judged if place[1] not in texts[place[0]]] == []


def test_a_sample_does_not_depend_on_the_order() -> None:
    names = [f"scim.a.x_f__mutmut_{number}" for number in range(50)]
    assert chosen(names, 9) == chosen(names[::-1], 9)
    assert len(set(chosen(names, 9))) == 9
    assert sorted(chosen(names, 99)) == sorted(names)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("scim.permission.x_scopes_meant__mutmut_22", ("permission.py", "scopes_meant")),
        ("scim.patch.key.x__hidden__mutmut_1", ("patch/key.py", "hidden")),
        (
            "scim.http.access.x\u01c1Check\u01c1guarded__mutmut_5",
            ("http/access.py", "Check.guarded"),
        ),
    ],
    ids=["function", "private", "method"],
)
def test_mutmuts_name_tells_file_and_function(name: str, place: tuple[str, str]) -> None:
    assert place_of(name) == place


def test_a_name_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="is not what mutmut calls a change"):
        place_of("scim.permission.needed")


def test_a_diff_is_what_was_and_what_became() -> None:
    diff = "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n def f():\n-    return 1\n+    return 2\n"
    assert change_of(diff) == ("return 1", "return 2")


def test_mutmut_is_told_the_files_and_where_the_package_is() -> None:
    project = Path("pyproject.toml").read_text("utf-8")
    text = configured(project, ["permission.py"], ["tests/scim"], ["tests/scim/fsck"])
    assert 'pythonpath = [".", "local/cli"]' in text
    assert 'only_mutate = ["scim/permission.py"]' in text
    assert "--ignore=tests/scim/fsck" in text


@pytest.mark.parametrize(
    ("row", "judged", "expected"),
    [
        ({"outcome": "noticed", "of": "d1"}, {}, True),
        ({"outcome": "mistyped", "of": "d1"}, {}, True),
        ({"outcome": "noticed", "of": "d0"}, {}, False),
        (ROW, {}, False),
        (ROW, WHY, True),
        ({**ROW, "of": "d0"}, WHY, False),
    ],
    ids=["noticed", "mistyped", "the file changed", "open", "judged", "judged, the file changed"],
)
def test_a_result_is_settled_until_its_file_changes_or_somebody_judges_it(
    row: dict[str, str], judged: dict[Any, str], expected: bool
) -> None:
    assert is_settled(row, "d1", judged) is expected


@pytest.mark.parametrize(
    ("row", "is_so"),
    [(ROW, False), (ROW | {"became": "b"}, True), ({"outcome": "noticed", "of": "d1"}, False)],
    ids=["judged", "not judged", "noticed"],
)
def test_a_change_is_open_until_a_test_notices_it_or_somebody_says_why(
    row: dict[str, str], is_so: bool
) -> None:
    assert is_open(row, WHY) is is_so


def test_the_table_separates_judged_from_open_changes() -> None:
    changes = {
        "1": {"outcome": "noticed", "of": ""},
        "2": {"outcome": "mistyped", "of": ""},
        "3": ROW,
        "4": {**ROW, "became": "b"},
        "5": {"outcome": "endless", "of": ""},
        "6": {"outcome": "endless", "of": ""},
    }
    table = table_of({"rights": {"there": 70, "changes": changes}}, WHY)
    assert "| rights | 70 | 6 | 1 | 2 | 1 | 1 | 1 |" in table
    assert table.endswith("\n\n- open: `a.py: a | b -> b`")
