"""`python -m local.tools.mutation [AREA] [--for SECONDS] [--open]`: mutation testing of critical code, with mutmut.

It tests a sample of each area in tests/mutants/areas.yaml, chosen by a seed, in a copy of the project. The
results are kept in tests/mutants/mutation.json, so that a run continues where another ended. A change that no
test notices is tested again until tests/mutants/equivalent.yaml says why no test could. `--open` tests only
these, even if others have no result yet. `--table` writes the figures into docs/seeded-defects.md.
"""

import argparse
import ast
import hashlib
import io
import json
import math
import sys
import time
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard

import yaml

from local.tools.marked import write_marked
from local.tools.mutants import DOCUMENT, copied
from local.tools.mutmut import ENDLESS, MISTYPED, NOTICED, Run, change_of, place_of

AREAS = Path("tests/mutants/areas.yaml")
EQUIVALENT = Path("tests/mutants/equivalent.yaml")
KEPT = Path("tests/mutants/mutation.json")
SEED: Final = 20
KILLED: Final = {NOTICED, ENDLESS, MISTYPED}
Row = Mapping[str, str]
"""The result of one change: its outcome, the digest of its module's code, and, if it was not noticed, the change itself."""


@dataclass(frozen=True, slots=True)
class Area:
    """Files of the layer and the tests that guard them; `sample` changes are tested."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    without: tuple[str, ...]
    sample: int


def areas() -> list[Area]:
    rows = yaml.safe_load(AREAS.read_text("utf-8"))
    return [
        Area(name, tuple(row["files"]), tuple(row["tests"]), tuple(row["without"]), row["sample"])
        for name, row in rows.items()
    ]


def equivalent() -> dict[tuple[str, str, str], str]:
    """Return why a change has no effect that a test could notice, by file, old text and new text."""
    rows = yaml.safe_load(EQUIVALENT.read_text("utf-8"))
    return {(row["file"], row["was"], row["became"]): row["why"] for row in rows}


def chosen(names: Iterable[str], size: int) -> list[str]:
    """Return a sample of the changes: the same each time, and almost the same after code has changed."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{SEED} {name}".encode()).digest())[:size]


def is_settled(row: Row, digest: str, judgements: Mapping[tuple[str, str, str], str]) -> bool:
    """Tell whether a change need not be tested again: its file is unchanged, and it was noticed or judged."""
    return row.get("of") == digest and (row["outcome"] in KILLED or bool(_reason(row, judgements)))


def is_open(row: Row, judgements: Mapping[tuple[str, str, str], str]) -> bool:
    """Tell whether a change was not noticed and has no explanation."""
    return row["outcome"] not in KILLED and not _reason(row, judgements)


def run_area(
    area: Area,
    folder: Path,
    old_area: Mapping[str, Any],
    seconds: float,
    *,
    only_open: bool = False,
) -> dict[str, Any]:
    """Test the changes without a result; return the area's number of changes, and the result of each."""
    run = Run(folder, area.files, area.tests, area.without)
    end = time.monotonic() + seconds
    # No change has this name, so mutmut only generates the changes and times the tests.
    output = run.mutmut("run", "--max-children", "1", "none")
    outcomes = run.outcomes()
    if not outcomes:
        raise SystemExit(f"mutmut makes no change in {area.name}:\n{output[-2000:]}")
    sample, old_rows = chosen(outcomes, area.sample), old_area.get("changes", {})
    digests = {
        name: digest_of((folder / "scim" / place_of(name)[0]).read_text("utf-8"))
        for name in outcomes
        if name in old_rows or name in sample
    }
    results, pending = (_open if only_open else _without_result)(run, old_rows, digests)
    print(
        f"{area.name}: {len(outcomes)} changes, {len(results)} known, {len(pending)} to try",
        flush=True,
    )
    if pending:
        results |= _tested(run, pending, old_rows, digests, max(1, end - time.monotonic()))
    return {"there": len(outcomes), "changes": dict(sorted(results.items()))}


def _open(
    run: Run, old_rows: Mapping[str, Row], digests: Mapping[str, str]
) -> tuple[dict[str, Row], list[str]]:
    """Return the results that stay, and the names of the changes that are open."""
    judgements = equivalent()
    # If the function has changed, the name may belong to another change now, which stays open.
    pending = [
        name
        for name, row in old_rows.items()
        if name in digests
        and is_open(row, judgements)
        and change_of(run.mutmut("show", name)) == (row["was"], row["became"])
    ]
    return {name: row for name, row in old_rows.items() if name not in pending}, pending


def _without_result(
    run: Run, old_rows: Mapping[str, Row], digests: Mapping[str, str]
) -> tuple[dict[str, Row], list[str]]:
    """Return the results that need no test, and the names of the changes that have none."""
    judgements = equivalent()
    results: dict[str, Row] = {
        name: {"outcome": MISTYPED, "of": digests[name]} for name in run.mistyped() & digests.keys()
    }
    results |= {
        name: row
        for name, row in old_rows.items()
        if name in digests and is_settled(row, digests[name], judgements)
    }
    return results, [name for name in digests if name not in results]


def _tested(
    run: Run,
    pending: Sequence[str],
    old_rows: Mapping[str, Row],
    digests: Mapping[str, str],
    seconds: float,
) -> dict[str, Row]:
    """Test the changes; return their results, earlier ones for those for which there was no time."""
    output = run.mutmut("run", "--max-children", "1", *pending, seconds=seconds)
    outcomes = run.outcomes()
    if not any(outcomes[name] for name in pending):
        print(output[-2000:], file=sys.stderr)
    return {
        name: _row(run, name, outcomes[name], digests[name]) if outcomes[name] else old_rows[name]
        for name in pending
        if outcomes[name] or old_rows.get(name, {}).get("of") == digests[name]
    }


def _row(run: Run, name: str, outcome: str | None, digest: str) -> Row:
    row = {"outcome": str(outcome), "of": digest}
    if outcome in KILLED:
        return row
    old_text, new_text = change_of(run.mutmut("show", name))
    file, function = place_of(name)
    return {**row, "file": file, "function": function, "was": old_text, "became": new_text}


def digest_of(code: str) -> str:
    """Return the digest of a module's code, which is the same whatever its docstrings and comments say."""
    lines = code.splitlines()
    for node in filter(_is_docstring, ast.walk(ast.parse(code))):
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
            lines[number - 1] = ""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    code_lines = [line.rstrip() for line in lines if line.strip()]
    return hashlib.sha256("\n".join(code_lines).encode()).hexdigest()[:12]


def _is_docstring(node: ast.AST) -> TypeGuard[ast.Expr]:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _reason(row: Mapping[str, str], judgements: Mapping[tuple[str, str, str], str]) -> str:
    with suppress(KeyError):
        return judgements[row["file"], row["was"], row["became"]]
    return ""


def table_of(
    results_by_area: Mapping[str, Any], judgements: Mapping[tuple[str, str, str], str]
) -> str:
    """Return the figures of each area as a table for the document, and the open changes."""
    open_changes = list(_open_changes(results_by_area, judgements))
    return "\n".join(
        [
            "| area | possible changes | tested | a test fails | a test never ends | mypy fails | equivalent | open |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *(_figures(name, area, judgements) for name, area in results_by_area.items()),
            *([""] if open_changes else []),
            *open_changes,
        ]
    )


def _figures(
    name: str, area: Mapping[str, Any], judgements: Mapping[tuple[str, str, str], str]
) -> str:
    rows = area["changes"].values()
    counts = Counter[str | bool](
        row["outcome"] if row["outcome"] in KILLED else bool(_reason(row, judgements))
        for row in rows
    )
    figures = (counts[outcome] for outcome in (NOTICED, ENDLESS, MISTYPED, True, False))
    return f"| {name} | {area['there']} | {len(rows)} | {' | '.join(map(str, figures))} |"


def _open_changes(
    results_by_area: Mapping[str, Any], judgements: Mapping[tuple[str, str, str], str]
) -> Iterator[str]:
    for area in results_by_area.values():
        for row in area["changes"].values():
            if is_open(row, judgements):
                yield f"- open: `{row['file']}: {row['was']} -> {row['became']}`"


def _kept() -> dict[str, Any]:
    return json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}


def main(arguments: Sequence[str]) -> int:
    """Return 0 if every tested change is noticed or judged."""
    parser = argparse.ArgumentParser(prog="local.tools.mutation")
    parser.add_argument("only", nargs="?", default="")
    parser.add_argument("--for", dest="seconds", type=float, default=math.inf)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--open", action="store_true")
    options = parser.parse_args(arguments)
    results_by_area = _kept()
    if options.table:
        write_marked(DOCUMENT, "mutation", f"{table_of(results_by_area, equivalent())}\n")
        return 0
    end = time.monotonic() + options.seconds
    for area in areas():
        if options.only in {"", area.name} and time.monotonic() < end:
            with copied() as folder:
                seconds, old_area = end - time.monotonic(), results_by_area.get(area.name, {})
                new_area = run_area(area, folder, old_area, seconds, only_open=options.open)
            results_by_area = {
                **_kept(),
                area.name: new_area,
            }  # another run may have written its area meanwhile
            KEPT.write_text(
                json.dumps(results_by_area, indent=1, ensure_ascii=False) + "\n", "utf-8"
            )
    survivors = list(_open_changes(results_by_area, equivalent()))
    print("\n".join(survivors) or "Every change is noticed, or judged.")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
