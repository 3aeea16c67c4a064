"""CPU of reading a filter beside other parsers, alternately in one process: `python -m bench.filters`.

Known: the shape has been read before. New: it has not, as far as any cache of ours goes. The others
read each text anew. Packages to measure beside are in .venv-peer (`make bench`).
"""

import gc
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Final

from bench.descent import descended
from scim.filter.parsing.known import quoted_filter
from scim.filter.parsing.parse import parse_filter
from scim.filter.parsing.template import filter_template

PEERS: Final = Path(__file__).parents[1] / ".venv-peer" / "lib"
FILTERS: Final = (
    'userName eq "bjensen@example.com"',
    'externalId eq "00u1abcdEFGH"',
    'emails[type eq "work"].value eq "bjensen@example.com"',
    'displayName eq "Sales" and id eq "2819c223-7f76-453a-919d-413861904646"',
    'userName eq "bjensen" or (title pr and active eq true)',
    'meta.lastModified gt "2011-05-13T04:42:34Z"',
    'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@x.com"]',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"',
)
TURNS, PASSES = 15, 40

Reader = Callable[[str], object]


def anew(text: str) -> object:
    """Read a filter whose shape nobody knows."""
    quoted_filter.cache_clear()
    filter_template.cache_clear()
    return parse_filter(text)


def readers() -> dict[str, Reader]:
    """Return what reads filters, by name; raises ImportError where .venv-peer has not been made."""
    sys.path += [str(each) for each in PEERS.glob("python*/site-packages")]
    from scim2_filter_parser.lexer import SCIMLexer  # noqa: PLC0415 - from where was just said
    from scim2_filter_parser.parser import SCIMParser  # noqa: PLC0415 - likewise
    from scim2_models.path import grammar  # noqa: PLC0415 - likewise

    return {
        "known": parse_filter,
        "new": anew,
        "recursive descent": descended,
        "scim2-filter-parser": lambda text: SCIMParser().parse(SCIMLexer().tokenize(text)),
        "scim2-models": grammar._build_filter,  # noqa: SLF001 - what is public keeps whole texts
    }


def measured(read_by: Mapping[str, Reader]) -> dict[str, float]:
    """Return the CPU of a filter in microseconds: the median of turns taken one after the other."""
    turns: dict[str, list[float]] = {name: [] for name in read_by}
    for _ in range(TURNS):
        for name, read in read_by.items():
            turns[name].append(_turn(read))
    return {name: median(each) for name, each in turns.items()}


def _turn(read: Reader) -> float:
    for text in FILTERS:  # what is known was forgotten by who reads anew
        read(text)
    gc.disable()
    try:
        before = time.process_time()
        for _ in range(PASSES):
            for text in FILTERS:
                read(text)
        return (time.process_time() - before) / PASSES / len(FILTERS) * 1e6
    finally:
        gc.enable()


def ratios(found: Mapping[str, float]) -> dict[str, float]:
    """Return what is told: our CPU over that of others."""
    return {
        "known shape / recursive descent": found["known"] / found["recursive descent"],
        "new shape / scim2-filter-parser": found["new"] / found["scim2-filter-parser"],
        "new shape / scim2-models": found["new"] / found["scim2-models"],
        "new shape / recursive descent": found["new"] / found["recursive descent"],
    }


if __name__ == "__main__":
    for NAME, RATIO in ratios(measured(readers())).items():
        print(f"{NAME}: {RATIO:.2f}")
