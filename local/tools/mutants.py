"""`python -m local.tools.mutants [ONLY] [--for SECONDS]`: makes small defects in a copy, one at a time, to see which
tests notice them.

ONLY is a part of an area, file or number. The results are kept in tests/mutants/noticed.json, so that a run
continues where another ended, for example after --for seconds; `--table` writes them into
docs/seeded-defects.md, `--again` discards them.
"""

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.tools.marked import write_marked

MUTANTS = Path("tests/mutants/mutants.yaml")
KEPT = Path("tests/mutants/noticed.json")
DOCUMENT = Path("docs/seeded-defects.md")
LAYER = Path("layers/scim/scim")
SEEDS = "1..40"
SECONDS = 600
"""After this time a run counts as one that noticed the defect: it would never have ended."""
_FAILED = re.compile(r"^(?:FAILED|ERROR) tests/([\w/]+\.py)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect: `old` in a file of the layer becomes `new`; `by` are the methods that test it."""

    number: int
    area: str
    file: str
    old: str
    new: str
    by: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name: the file and the change."""
        return f"{self.file}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"

    @property
    def can_be_sown(self) -> bool:
        """Tell whether its text occurs exactly once in its file."""
        path = LAYER / self.file
        return path.is_file() and path.read_text("utf-8").count(self.old) == 1

    def is_meant(self, only: str) -> bool:
        """Tell whether `only` selects it."""
        return only in {"", self.area, str(self.number)} or (len(only) > 3 and only in self.file)


def mutants() -> list[Mutant]:
    """Return all mutants, including those whose text has since changed."""
    rows = yaml.safe_load(MUTANTS.read_text("utf-8"))
    return [Mutant(n, **{**row, "by": tuple(row["by"])}) for n, row in enumerate(rows, 1)]


@contextmanager
def copied() -> Iterator[Path]:
    """Yield a folder with links to the files that git tracks in this one; it is removed afterwards."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git is found on the PATH
        capture_output=True,
        check=True,
        text=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in filter(None, listing.stdout.split("\0")):
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if Path(name).is_file():
                shutil.copy2(name, path)
        yield Path(folder)


def noticed(folder: Path, mutant: Mutant) -> str:
    """Return what notices the defect first: `simulator` or a test file; "" if nothing does."""
    path = folder / LAYER / mutant.file
    original_text = path.read_text("utf-8")
    path.write_text(original_text.replace(mutant.old, mutant.new), "utf-8")
    try:
        return next(filter(None, (_failing(folder, method) for method in mutant.by)), "")
    finally:
        path.write_text(original_text, "utf-8")


def _failing(folder: Path, method: str) -> str:
    """Return the first file of a method that fails, "" if all pass."""
    python = Path(sys.executable).absolute()
    simulate = (str(python), "-m", "tests.simulation", SEEDS, "--brief")
    test = (str(python), "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider")
    roots = (folder, folder / "layers/scim", folder / "local/cli")
    environment = {
        **os.environ,
        "PYTHONPATH": ":".join(map(str, roots)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }
    command = simulate if method == "simulator" else (*test, f"tests/{method}")
    try:
        run = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return method
    failure = _FAILED.search(run.stdout.decode(errors="replace"))
    if run.returncode == 0:
        return ""
    return failure[1] if failure else method


def table_of(results: Mapping[str, str], all_mutants: Sequence[Mutant]) -> str:
    """Return how many defects of each area were detected, and those that were not, for the document."""
    tested_mutants = [mutant for mutant in all_mutants if mutant.name in results]
    missed = [mutant for mutant in tested_mutants if not results[mutant.name]]
    caught = len(tested_mutants) - len(missed)
    rows = [
        _figures(area, [results[mutant.name] for mutant in tested_mutants if mutant.area == area])
        for area in dict.fromkeys(mutant.area for mutant in tested_mutants)
    ]
    return "\n".join(
        [
            f"{caught} of {len(tested_mutants)} defects were detected; {len(all_mutants)} are defined.",
            "",
            "| area | defects | detected by the simulator | by another test | not detected |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            *([""] if missed else []),
            *(f"- not detected: `{mutant.name}`" for mutant in missed),
        ]
    )


def _figures(area: str, methods: Sequence[str]) -> str:
    simulated, missed = methods.count("simulator"), methods.count("")
    tested = len(methods) - simulated - missed
    return f"| {area} | {len(methods)} | {simulated} | {tested} | {missed} |"


def _kept() -> dict[str, Any]:
    return json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}


def main(arguments: Sequence[str]) -> int:
    """Return 0 if every selected defect is noticed."""
    parser = argparse.ArgumentParser(prog="local.tools.mutants")
    parser.add_argument("only", nargs="?", default="")
    parser.add_argument("--for", dest="seconds", type=float, default=math.inf)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args(arguments)
    end = time.monotonic() + options.seconds
    all_mutants, results = mutants(), {} if options.again else _kept()
    if options.table:
        write_marked(DOCUMENT, "mutants", f"{table_of(results, all_mutants)}\n")
        return 0
    selected = [mutant for mutant in all_mutants if mutant.is_meant(options.only)]
    for mutant in selected:
        if not mutant.can_be_sown:
            print(f"{mutant.number:3} HAS CHANGED: {mutant.name}")
    selected = [mutant for mutant in selected if mutant.can_be_sown]
    untried = [mutant for mutant in selected if not results.get(mutant.name)]
    with copied() as folder:
        for mutant in untried:
            if time.monotonic() > end:
                break
            started_at = time.monotonic()
            results[mutant.name] = noticed(folder, mutant)
            KEPT.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
            seconds = time.monotonic() - started_at
            print(
                f"{mutant.number:3} {seconds:3.0f} s"
                f" {results[mutant.name] or 'NOT NOTICED'}: {mutant.name}",
                flush=True,
            )
    return int(not all(results.get(mutant.name) for mutant in selected))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
