"""What seeds have been simulated so far: kept, so that runs of several days add up.

A stretch is first and last seed, operations asked for while faults happened, and questions to the
store. Seeds of a stretch are not simulated again, until somebody forgets them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.tools.marked import write_marked

RECORD = Path(__file__).with_name("record.json")
DOCUMENT = Path("docs/fault-tests.md")
BLOCK = 10
"""Seeds after which a run is kept."""

Stretch = tuple[int, int, int, int]


@dataclass(frozen=True)
class Record:
    """Stretches of seeds of which no history was wrong, in their order, and seeds that were."""

    stretches: Sequence[Stretch] = ()
    wrong: Sequence[int] = field(default_factory=tuple)

    @classmethod
    def read(cls, path: Path = RECORD) -> "Record":
        """Return what is kept, nothing where there is no file."""
        if not path.is_file():
            return cls()
        held = json.loads(path.read_text("utf-8"))
        return cls(tuple(tuple(each) for each in held["stretches"]), tuple(held["wrong"]))

    def write(self, path: Path = RECORD) -> None:
        """Keep it."""
        rows = ",\n".join(f"  {json.dumps(each)}" for each in self.stretches)
        text = f'{{"stretches": [\n{rows}\n],\n"wrong": {json.dumps(self.wrong)}}}\n'
        path.write_text(text, "utf-8")

    def blocks(self, first: int, last: int) -> Iterator[range]:
        """Yield the seeds from first to last that were not simulated yet, in pieces."""
        for start in range(first, last + 1, BLOCK):
            some = [n for n in range(start, min(start + BLOCK, last + 1)) if not self.has(n)]
            if some:
                yield range(some[0], some[-1] + 1)

    def has(self, seed: int) -> bool:
        """Tell whether a seed was simulated."""
        return any(first <= seed <= last for first, last, *_ in self.stretches)

    def plus(self, seeds: range, operations: int, questions: int) -> "Record":
        """Return it with a stretch more; one that follows on another becomes one with it."""
        merged: list[Stretch] = []
        more = seeds.start, seeds.stop - 1, operations, questions
        for each in sorted([*self.stretches, more]):
            had = merged[-1] if merged else each
            if had[1] + 1 == each[0]:
                merged[-1] = had[0], each[1], had[2] + each[2], had[3] + each[3]
            else:
                merged.append(each)
        return Record(tuple(merged), self.wrong)

    def plus_wrong(self, seed: int) -> "Record":
        """Return it with a seed more whose history was wrong."""
        return Record(self.stretches, tuple(sorted({*self.wrong, seed})))

    def sentence(self) -> str:
        """Say what all that came to."""
        seeds = ", ".join(f"{first}..{last}" for first, last, *_ in self.stretches) or "none"
        histories = sum(last - first + 1 for first, last, *_ in self.stretches)
        operations = sum(each[2] for each in self.stretches)
        questions = sum(each[3] for each in self.stretches)
        return (
            f"So far: {histories:,} histories (seeds {seeds}), {operations:,} operations with faults"
            f" and {questions:,} calls to the store; {len(self.wrong)} histories failed.\n"
        )

    def tell(self, document: Path = DOCUMENT) -> None:
        """Write the sentence into the document."""
        write_marked(document, "simulated", self.sentence())
