"""What storms have come to so far: kept, so that runs of several days add up."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from local.tools.marked import write_marked

RECORD = Path(__file__).with_name("record.json")
DOCUMENT = Path("docs/fault-tests.md")


@dataclass(frozen=True)
class Stormed:
    """What came of one storm: of `servers` some were killed, and their calls of the store failed by chance.

    `calls` are the requests of the clients, `statuses` their answers by HTTP status, 0 for none at
    all. What is wrong stands in three lists: with what clients were told (`history`), with the table
    (`fsck`), and what nobody should be answered or the sweeper should not have left (`other`).
    """

    seed: int
    servers: int
    clients: int
    calls: int
    statuses: Mapping[str, int]
    kills: int
    faults: Mapping[str, int]
    history: tuple[str, ...] = ()
    fsck: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def wrong(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.history, *self.fsck, *self.other]

    def line(self) -> str:
        """Say what came of it."""
        return (
            f"seed {self.seed}: {self.calls} calls {self.statuses}, {self.kills} killed,"
            f" {sum(self.faults.values())} faults: {'; '.join(self.wrong) or 'nothing wrong'}"
        )


@dataclass(frozen=True)
class Record:
    """Storms by seed; a seed that storms again takes the place of what it was."""

    storms: Mapping[int, Stormed]

    @classmethod
    def read(cls, path: Path = RECORD) -> "Record":
        """Return what is kept, nothing where there is no file."""
        rows = json.loads(path.read_text("utf-8")) if path.is_file() else ()
        storms = (
            Stormed(**{**row, **{name: tuple(row[name]) for name in ("history", "fsck", "other")}})
            for row in rows
        )
        return cls({each.seed: each for each in storms})

    def write(self, path: Path = RECORD) -> None:
        """Keep it."""
        rows = ",\n".join(json.dumps(asdict(self.storms[seed])) for seed in sorted(self.storms))
        path.write_text(f"[\n{rows}\n]\n", "utf-8")

    def plus(self, stormed: Stormed) -> "Record":
        """Return it with a storm more."""
        return replace(self, storms={**self.storms, stormed.seed: stormed})

    def sentence(self) -> str:
        """Say what all that came to."""
        every = list(self.storms.values())
        faults = sum((Counter(each.faults) for each in every), Counter[str]())
        kinds = ", ".join(f"{n:,} {what}" for what, n in sorted(faults.items()))
        red = ", ".join(str(each.seed) for each in every if each.wrong)
        history, fsck, other = (
            sum(len(getattr(each, name)) for each in every) for name in ("history", "fsck", "other")
        )
        return (
            f"So far: {len(every):,} storms (seeds {_stretches(sorted(self.storms))}),"
            f" {sum(each.calls for each in every):,} calls,"
            f" {sum(each.kills for each in every):,} servers killed,"
            f" {faults.total():,} faults of the store ({kinds or 'none'});"
            f" errors found: {history} in the responses, {fsck} by `scim fsck`,"
            f" {other} others (failed storms: {red or 'none'}).\n"
        )

    def tell(self, document: Path = DOCUMENT) -> None:
        """Write the sentence into the document."""
        write_marked(document, "stormed", self.sentence())


def _stretches(seeds: Sequence[int]) -> str:
    """Return numbers in their order as stretches, as `1..3, 7`."""
    found: list[list[int]] = []
    for seed in seeds:
        if found and found[-1][1] + 1 == seed:
            found[-1][1] = seed
        else:
            found.append([seed, seed])
    return ", ".join(f"{a}..{b}" if a < b else str(a) for a, b in found) or "none"
