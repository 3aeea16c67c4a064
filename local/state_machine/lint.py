"""`python -m local.state_machine.lint FILE`: statelint's findings in a state machine, except its mistakes."""

import sys
from collections.abc import Sequence
from pathlib import Path

from statelint.config import Config
from statelint.linter import Linter

MISJUDGED = (
    # statelint knows only item readers with a limit; AWS reads JSONL only if InputType says so.
    'Field "InputType" not allowed in State Machine.States.DoLayer.ItemReader.ReaderConfig',
    # AWS accepts any number up to 100, and our interpreter only one with a fraction.
    "State Machine.States.DoLayer.ToleratedFailurePercentage is 100.0 but should be an Integer",
)


def problems_in(definition: str) -> list[str]:
    """Return what is wrong with a state machine."""
    return [each for each in Linter.validate(definition, Config()) if each not in MISJUDGED]


def main(files: Sequence[str]) -> int:
    """Print the problems of each file; return 1 if there are any."""
    found = [f"{file}: {each}" for file in files for each in problems_in(Path(file).read_text())]
    print("\n".join(found) or "The state machine is sound.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
