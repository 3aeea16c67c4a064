"""`python -m tests.concurrency [--storms N] [--seed FIRST] [--for SECONDS] [--write]`: storms on DynamoDB Local.

One after the other, from seeds of their own: 3 servers whose calls of the store fail by chance, one
of which is killed, and 6 clients. With --write each is added to tests/concurrency/record.json, seeds
that are in it already are left out, and docs/fault-tests.md says what all have come to; --for begins
no more storms after so many seconds. What a storm has shown to be wrong is printed.
"""

import argparse
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from local.child_process import free_ports
from local.packages.npm import UnavailableError
from scim.fsck import violations
from tests.concurrency.faulty_server import faulty_servers
from tests.concurrency.record import Record, Stormed
from tests.concurrency.servers import Storm, deployed, on_table
from tests.concurrency.storm import NotBuiltError

SERVERS, ROUNDS, DEEDS, CROSSINGS = 3, 2, 24, 2
ON_A_TABLE = 5
"""Storms after which DynamoDB Local starts anew: it takes the longer for a write the more there have been."""
UNAVAILABLE = 3


def stormed(seeds: Sequence[int], folder: Path) -> Iterator[Stormed]:
    """Let a storm for each seed blow over one table; yield what came of it, up to one that is red.

    All but one of the servers stay from storm to storm. `folder` is for what they write down.
    """
    file = folder / f"faults-{seeds[0]}"
    file.touch()
    ports, noted = free_ports(SERVERS), 0
    with (
        on_table() as endpoint,
        deployed(endpoint) as place,
        faulty_servers(ports[:-1], place.common.variables, file) as steady,
    ):
        for seed in seeds:
            with (
                faulty_servers(ports[-1:], place.common.variables, file) as killed,
                place.storm(seed, ports, [*steady, *killed]) as blowing,
            ):
                try:
                    blowing.blow(ROUNDS, DEEDS, CROSSINGS, [SERVERS - 1])
                except NotBuiltError as error:
                    print(f"seed {seed} did not begin: {error}", flush=True)
                    continue
                lines = file.read_text("utf-8").splitlines()
                came = _what_came(seed, blowing, Counter(lines[noted:]))
                noted = len(lines)
            yield came
            if came.wrong:
                return


def _what_came(seed: int, storm: Storm, faults: Counter[str]) -> Stormed:
    other = (*storm.unexpected(), *storm.left_undone())
    return Stormed(
        seed,
        SERVERS,
        len(storm.clients),
        storm.history.answers.total(),
        _statuses(storm.history.answers),
        1,
        dict(sorted(faults.items())),
        history=tuple(storm.history.contradictions()),
        fsck=tuple(str(each) for each in violations(storm.items())),
        other=other,
    )


def _statuses(answers: Counter[str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for kind, n in answers.items():
        found["0" if kind == "none" else kind.partition(" ")[0]] += n
    return dict(sorted(found.items()))


def main(arguments: Sequence[str]) -> int:
    """Return 0 when nothing was wrong in any storm."""
    parser = argparse.ArgumentParser(prog="tests.concurrency")
    parser.add_argument("--storms", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--for", dest="seconds", type=float, default=math.inf)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    record, end, red = Record.read(), time.monotonic() + asked.seconds, 0
    fresh = (n for n in count(asked.seed) if not asked.write or n not in record.storms)
    try:
        with tempfile.TemporaryDirectory() as folder:
            while (left := min(asked.storms, ON_A_TABLE)) and time.monotonic() < end:
                asked.storms -= left
                for came in stormed(list(islice(fresh, left)), Path(folder)):
                    red += bool(came.wrong)
                    print(came.line(), flush=True)
                    if asked.write:
                        record = Record.read().plus(came)  # another run may have written meanwhile
                        record.write()
                        record.tell()
                    if time.monotonic() > end:
                        break
    except UnavailableError as reason:
        print(reason, file=sys.stderr)
        return UNAVAILABLE
    return int(red > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
