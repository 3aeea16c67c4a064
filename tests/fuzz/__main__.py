"""`python -m tests.fuzz [RUNS [SEED]] [--guided]`: so many texts for each reader; the first that breaks one is shown.

With --guided texts that lead where none has led before are kept, and others are made of them.
"""

import sys
import time
import traceback
from collections.abc import Sequence

from tests.fuzz.guided import Broken, guided
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS, FuzzTarget

DEFAULTS = ("20000", "1")


def main(arguments: Sequence[str]) -> int:
    """Return 0 when every text was read or refused."""
    numbers = [each for each in arguments if each.isdecimal()]
    runs, seed = map(int, (*numbers, *DEFAULTS[len(numbers) :]))
    look = _guided if "--guided" in arguments else _plain
    sound = [look(name, target, seed, runs // target.one_of) for name, target in TARGETS.items()]
    return int(not all(sound))


def _plain(name: str, target: FuzzTarget, seed: int, runs: int) -> bool:
    began, read = time.monotonic(), 0
    for text in mutated(target.texts(), seed, runs):
        try:
            read += target.survives(text)
        except Exception:  # noqa: BLE001 - that is what is looked for
            print(f"{name}: {text!r}\n{traceback.format_exc()}")
            return False
    seconds = time.monotonic() - began
    print(f"{name}: {runs} texts in {seconds:.0f} s, {read} of them read, the others refused")
    return True


def _guided(name: str, target: FuzzTarget, seed: int, runs: int) -> bool:
    began = time.monotonic()
    try:
        kept, lines = guided(target, seed, runs)
    except Broken as broken:
        print(f"{name}: {broken.text!r}")
        traceback.print_exception(broken.__cause__)
        return False
    seconds = time.monotonic() - began
    print(f"{name}: {runs} texts in {seconds:.0f} s, {kept} of them led further: {lines} steps")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
