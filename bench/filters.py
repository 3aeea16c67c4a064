"""CPU of parsing a filter, alternating with other parsers: `python -m bench.filters`.

"Known" means that the filter's shape has been parsed before, "new" that none of our caches has it. The other
parsers parse each text every time. The Python packages are in .venv-peer (`make bench`). scim2-parse-filter
is JavaScript and runs in Node, in another process, which has parsed often enough that V8 has compiled its
code.
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
"""Our parser's state, and the parser it is compared with."""

Reader = Callable[[str], object]
Turn = Callable[[], float]
"""Parses all filters many times; returns the CPU of one in microseconds."""


def anew(text: str) -> object:
    """Parse a filter whose shape is in no cache."""
    quoted_filter.cache_clear()
    filter_template.cache_clear()
    return parse_filter(text)


def readers() -> dict[str, Reader]:
    """Return the parsers by name. Raises ImportError if .venv-peer does not exist."""
    sys.path += [str(each) for each in PEERS.glob("python*/site-packages")]
    from scim2_filter_parser.lexer import SCIMLexer  # noqa: PLC0415 - from the path added above
    from scim2_filter_parser.parser import SCIMParser  # noqa: PLC0415 - likewise
    from scim2_models.path import grammar  # noqa: PLC0415 - likewise

    return {
        "known": parse_filter,
        "new": anew,
        "recursive descent": descended,
        "scim2-filter-parser": lambda text: SCIMParser().parse(SCIMLexer().tokenize(text)),
        "scim2-models": grammar._build_filter,  # noqa: SLF001 - the public function caches whole texts
    }


@contextmanager
def in_node() -> Iterator[Turn]:
    """Parse with scim2-parse-filter in Node, warmed up. Raises UnavailableError."""
    with answering(command_of("scim2_parse_filter.mjs"), environment()) as ask:
        ask([FILTERS, NODE_WARMED])
        yield lambda: float(ask([FILTERS, NODE_PASSES]))


def measured() -> dict[str, float]:
    """Return the CPU of a filter in microseconds, by parser. Without Node, say so and leave its parser out."""
    with ExitStack() as stack:
        turns: dict[str, Turn] = {name: partial(_turn, read) for name, read in readers().items()}
        try:
            turns[IN_NODE] = stack.enter_context(in_node())
        except UnavailableError as error:
            say_left_out(f"filters beside {IN_NODE}", error)
        return medians(turns)


def medians(turns: Mapping[str, Turn]) -> dict[str, float]:
    """Return the median of each over turns that alternate."""
    taken: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(TURNS):
        for name, turn in turns.items():
            taken[name].append(turn())
    return {name: median(each) for name, each in taken.items()}


def _turn(read: Reader) -> float:
    for text in FILTERS:  # `anew` has cleared the caches of known shapes
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
    """Return the name of a ratio in the report."""
    return f"{mine} shape / {other}"


def ratios(found: Mapping[str, float]) -> dict[str, float]:
    """Return our CPU divided by that of each parser that was measured."""
    return {
        name_of(mine, other): found[mine] / found[other] for mine, other in BESIDE if other in found
    }


if __name__ == "__main__":
    for NAME, RATIO in ratios(measured()).items():
        print(f"{NAME}: {RATIO:.2f}")
