"""`python -m tests.fuzz [RUNS [SEED]]`: so many texts for each reader; the first that breaks one is shown."""

import sys
import time
import traceback
from collections.abc import Sequence

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS

DEFAULTS = ("20000", "1")


def main(arguments: Sequence[str]) -> int:
    """Return 0 when every text was read or refused."""
    runs, seed = map(int, (*arguments, *DEFAULTS[len(arguments) :]))
    broken = 0
    for name, target in TARGETS.items():
        began, read = time.monotonic(), 0
        for text in mutated(target.texts(), seed, runs):
            try:
                read += target.survives(text)
            except Exception:  # noqa: BLE001 - that is what is looked for
                print(f"{name}: {text!r}\n{traceback.format_exc()}")
                broken += 1
                break
        seconds = time.monotonic() - began
        print(f"{name}: {runs} texts in {seconds:.0f} s, {read} of them read, the others refused")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
