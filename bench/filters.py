"""CPU of reading a filter beside other parsers, alternately: `python -m bench.filters`.

Known: the shape has been read before. New: it has not, as far as any cache of ours goes. The others
read each text anew. Packages to measure beside are in .venv-peer (`make bench`); scim2-parse-filter is
JavaScript and reads in Node, another process, which has read until V8 had compiled what reads.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from bench.descent import descended
from bench.node.program import command_of, environment, say_left_out
from local.child_process import answering
from local.packages.npm import UnavailableError
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
NODE_PASSES, NODE_WARMED = 1_000, 20_000
IN_NODE: Final = "scim2-parse-filter"
BESIDE: Final = (
    ("known", "recursive descent"),
    ("known", IN_NODE),
    ("new", "scim2-filter-parser"),
    ("new", "scim2-models"),
    ("new", "recursive descent"),
    ("new", IN_NODE),
)
"""Ours, and over whose CPU it is told."""

Reader = Callable[[str], object]
Turn = Callable[[], float]
"""Reads all filters often; returns the CPU of one in microseconds."""


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


@contextmanager
def in_node() -> Iterator[Turn]:
    """Let scim2-parse-filter read in Node, warm. Raises UnavailableError."""
    with answering(command_of("scim2_parse_filter.mjs"), environment()) as ask:
        ask([FILTERS, NODE_WARMED])
        yield lambda: float(ask([FILTERS, NODE_PASSES]))


def measured() -> dict[str, float]:
    """Return the CPU of a filter in microseconds, by who reads; Node is left out where it is not, which is said."""
    with ExitStack() as stack:
        turns: dict[str, Turn] = {name: partial(_turn, read) for name, read in readers().items()}
        try:
            turns[IN_NODE] = stack.enter_context(in_node())
        except UnavailableError as error:
            say_left_out(f"filters beside {IN_NODE}", error)
        return medians(turns)


def medians(turns: Mapping[str, Turn]) -> dict[str, float]:
    """Return the median of turns taken one after the other."""
    taken: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(TURNS):
        for name, turn in turns.items():
            taken[name].append(turn())
    return {name: median(each) for name, each in taken.items()}


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


def name_of(mine: str, other: str) -> str:
    """Return what a ratio is called in the report."""
    return f"{mine} shape / {other}"


def ratios(found: Mapping[str, float]) -> dict[str, float]:
    """Return what is told: our CPU over that of others, as far as they were measured."""
    return {
        name_of(mine, other): found[mine] / found[other] for mine, other in BESIDE if other in found
    }


if __name__ == "__main__":
    for NAME, RATIO in ratios(measured()).items():
        print(f"{NAME}: {RATIO:.2f}")
