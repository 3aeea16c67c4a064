"""`python -m tests.simulation SEEDS [--broken NAME|each] [--brief] [--write] [--for SECONDS] [--workers N]`.

The histories of seeds a..b happen; a failing one shrinks, with --brief it does not. SEEDS is `1..500`,
or a number alone; a file of a case is played again. With --write the seeds are added to
tests/simulation/record.json, those that are in it already are left out, and docs/fault-tests.md says
what all runs have come to; --for ends a run after so many seconds. `--broken each` takes out one
safeguard after the other and tells how soon each shows, from seeds that nobody has chosen.
"""

import argparse
import gc
import json
import math
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")

from tests.simulation.broken import SAFEGUARDS, broken
from tests.simulation.case import Case
from tests.simulation.fresh import each_found, tell
from tests.simulation.record import Record
from tests.simulation.shrink import Shrinker

EACH = "each"


@dataclass(frozen=True)
class Tally:
    """How many seeds, operations and questions to the store there were, and which seed failed."""

    seeds: int = 0
    operations: int = 0
    questions: int = 0
    failed: tuple[int, ...] = ()

    def plus(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            self.seeds + other.seeds,
            self.operations + other.operations,
            self.questions + other.questions,
            self.failed + other.failed,
        )


def played(name: str, seeds: Sequence[int]) -> Tally:
    """Let the histories of some seeds happen, until one is wrong."""
    tally = Tally()
    gc.disable()
    with broken(name):
        for seed in seeds:
            history = Case.of_seed(seed).happen()
            failed = (seed,) if history.verdict() else ()
            tally = tally.plus(
                Tally(1, history.operations, history.world.baton.steps, failed),
            )
            if failed:
                break
            gc.collect(1)
    return tally


def simulated(
    blocks: Iterable[range], name: str, workers: int, seconds: float
) -> Iterator[tuple[range, Tally]]:
    """Yield what came of each piece, in their order, until a history is wrong or the time is over."""
    began, left = time.monotonic(), iter(blocks)
    with ProcessPoolExecutor(workers) as pool:

        def asked(some: range) -> tuple[range, Future[Tally]]:
            return some, pool.submit(partial(played, name), some)

        waiting = [asked(some) for some in islice(left, 2 * workers)]
        while waiting:
            some, tally = waiting[0][0], waiting.pop(0)[1].result()
            yield some, tally
            if tally.failed:
                pool.shutdown(cancel_futures=True)
                return
            if time.monotonic() - began < seconds:
                waiting += [asked(some) for some in islice(left, 1)]


def told(tally: Tally, began: float) -> None:
    """Say how far it is."""
    seconds = time.monotonic() - began
    print(
        f"{tally.seeds:,} histories, {tally.operations:,} operations, {tally.questions:,} questions"
        f" to the store in {seconds:.0f} s ({tally.operations / max(seconds, 0.1):.0f} operations/s):"
        f" {len(tally.failed)} failed",
        flush=True,
    )


def showed(*, is_written: bool) -> int:
    """Return 0 when each safeguard shows that is taken out."""
    gc.disable()
    found = []
    for each in each_found():
        print(each.row(), each.wrong, flush=True)
        found.append(each)
    if is_written:
        tell(found)
    return int(not all(each.wrong for each in found))


def main(arguments: Sequence[str]) -> int:
    """Return 0 when nothing was wrong; with a safeguard taken out, when something was."""
    parser = argparse.ArgumentParser(prog="tests.simulation")
    parser.add_argument("seeds", nargs="?", default="1..200")
    parser.add_argument("--broken", choices=[*SAFEGUARDS, EACH], default="")
    parser.add_argument("--brief", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--for", dest="seconds", type=float, default=math.inf)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    asked = parser.parse_args(arguments)
    if Path(asked.seeds).is_file():
        case = Case.from_json(json.loads(Path(asked.seeds).read_text("utf-8")))
        with broken(asked.broken):
            print(case.script())
        return 0
    if asked.broken == EACH:
        return showed(is_written=asked.write)
    first, _, last = asked.seeds.partition("..")
    record = Record.read() if asked.write else Record()
    blocks = record.blocks(int(first), int(last or first))
    tally, began = Tally(), time.monotonic()
    workers = 1 if asked.brief else asked.workers
    for seeds, some in simulated(blocks, asked.broken, workers, asked.seconds):
        if not some.failed:
            record = record.plus(seeds, some.operations, some.questions)
        for seed in some.failed:
            record = record.plus_wrong(seed)
        if asked.write:
            record.write()
        if tally.seeds % 500 > (tally.seeds + some.seeds) % 500:
            told(tally.plus(some), began)
        tally = tally.plus(some)
    told(tally, began)
    if asked.write:
        record.tell()
    if tally.failed and not asked.brief:
        with broken(asked.broken):
            print(Shrinker(Case.of_seed(tally.failed[0])).smallest().script())
    return int(bool(tally.failed) is not bool(asked.broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
