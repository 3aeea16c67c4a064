"""`python -m tests.simulation SEEDS [--broken NAME | --brief | --write]`: histories of seeds a..b; a failing one shrinks.

With --brief it does not. SEEDS is `1..500`, or a number alone; a file of a case is played again.
With --write docs/reliability.md says what all such runs on this machine have come to.
"""

import gc
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")

from tests.simulation.broken import SAFEGUARDS, broken
from tests.simulation.case import Case
from tests.simulation.shrink import Shrinker

BLOCK = 10
"""Seeds after which is told how far it is."""
KEPT = Path(".cache/simulated.json")
DOCUMENT = Path("docs/reliability.md")
MARKED = re.compile("(?<=<!-- simulated -->\n).*(?=<!-- /simulated -->)", re.DOTALL)


@dataclass
class Tally:
    """How many seeds, operations and questions to the store there were, and which seeds failed."""

    seeds: int = 0
    operations: int = 0
    questions: int = 0
    failed: tuple[int, ...] = ()


def played(name: str, seeds: Sequence[int]) -> Tally:
    """Let the histories of some seeds happen."""
    tally = Tally()
    gc.disable()
    with broken(name):
        for seed in seeds:
            history = Case.of_seed(seed).happen()
            tally.seeds += 1
            tally.operations += history.operations
            tally.questions += history.world.baton.steps
            if history.verdict():
                tally.failed += (seed,)
                break
            gc.collect(1)
    return tally


def blocks(first: int, last: int) -> Iterator[range]:
    """Return the seeds in pieces."""
    return (range(n, min(n + BLOCK, last + 1)) for n in range(first, last + 1, BLOCK))


def simulated(first: int, last: int, name: str = "", workers: int = 0) -> Tally:
    """Let the histories of seeds happen until one fails."""
    tally, began = Tally(), time.monotonic()
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        for some in pool.map(partial(played, name), blocks(first, last)):
            tally.seeds += some.seeds
            tally.operations += some.operations
            tally.questions += some.questions
            tally.failed += some.failed
            if tally.seeds % 500 < BLOCK:
                told(tally, began)
            if tally.failed:
                pool.shutdown(cancel_futures=True)
                break
    told(tally, began)
    return tally


def told(tally: Tally, began: float) -> None:
    """Say how far it is."""
    seconds = time.monotonic() - began
    print(
        f"{tally.seeds:,} histories, {tally.operations:,} operations, {tally.questions:,} questions"
        f" to the store in {seconds:.0f} s ({tally.operations / max(seconds, 0.1):.0f} operations/s):"
        f" {len(tally.failed)} failed",
        flush=True,
    )


def written(seeds: str, tally: Tally) -> None:
    """Add a run to those before; a run of the same seeds takes the place of the last one."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
    kept[seeds] = [tally.seeds, tally.operations, tally.questions, len(tally.failed)]
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept), "utf-8")
    histories, operations, questions, failed = map(sum, zip(*kept.values(), strict=True))
    said = (
        f"So far: {histories:,} histories (seeds {', '.join(kept)}), {operations:,} operations and"
        f" {questions:,} questions to the store under faults; {failed} histories were wrong.\n"
    )
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(MARKED.sub(lambda _: said, text), "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Return 0 when nothing was wrong; with a safeguard taken out, when something was."""
    name = arguments[2] if len(arguments) > 2 and arguments[1] == "--broken" else ""
    if name and name not in SAFEGUARDS:
        print(f"there is no {name}: {', '.join(SAFEGUARDS)}")
        return 2
    what = arguments[0] if arguments else "1..200"
    if Path(what).is_file():
        case = Case.from_json(json.loads(Path(what).read_text("utf-8")))
        with broken(name):
            print(case.script())
        return 0
    first, _, last = what.partition("..")
    is_brief = "--brief" in arguments
    tally = simulated(int(first), int(last or first), name, workers=1 if is_brief else 0)
    if "--write" in arguments:
        written(f"{first}..{last or first}", tally)
    if tally.failed and not is_brief:
        with broken(name):
            print(Shrinker(Case.of_seed(tally.failed[0])).smallest().script())
    return int(bool(tally.failed) is not bool(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
