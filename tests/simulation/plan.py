"""What the clients of a seed do, one thing after the other."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, islice

from tests.simulation.operations import Words

PEOPLE = ("p0", "p1", "p2", "p3", "p4")
GROUPS = ("g0", "g1", "g2")

Plan = Sequence[Sequence[Words]]
"""What each client does."""

WEIGHTS: Mapping[str, int] = {
    "set": 14,
    "set-matched": 6,
    "put-user": 6,
    "rename": 5,
    "put-group": 7,
    "join": 9,
    "nest": 9,
    "leave": 6,
    "unnest": 4,
    "create": 7,
    "create-group": 3,
    "delete": 6,
    "delete-group": 2,
    "manager": 6,
    "get": 6,
    "get-group": 8,
    "find": 5,
    "list": 2,
    "bulk": 3,
    "job": 2,
}


CROWDED: Mapping[str, int] = {"fill": 5, "empty": 4, "get-group": 12, "find-group": 4, "join": 1}
"""Of one group that changes as a whole all the time: each change is more than one transaction."""
EVERY_CROWDED = 8

TOGETHER: Mapping[str, int] = {"creations": 8, "create": 3, "delete": 5, "find": 4, "rename": 2}
"""Of people who are made several at once, while others want the same names, or make room for them."""
FROM_TOGETHER = 40_000
"""The first seed of which some are so: earlier ones keep the histories they had."""


LENGTHS = (10, 40)
"""Operations of each client, by seeds in turn."""


def plan_of(seed: int, clients: int = 4) -> Plan:
    """Return what the clients of a seed do; every eighth is all about one group, another about creations."""
    deeds = LENGTHS[seed // EVERY_CROWDED % len(LENGTHS)]
    dice = random.Random(f"plan {seed}")
    if seed % EVERY_CROWDED == 0:
        words = _crowded(dice)
    elif seed >= FROM_TOGETHER and seed % EVERY_CROWDED == 1:
        words = _together(dice)
    else:
        words = _numbered(dice)
    return [[next(words) for _ in range(deeds)] for _ in range(clients)]


def _crowded(dice: random.Random) -> Iterator[Words]:
    for number in count(1):
        (what,) = dice.choices(list(CROWDED), list(CROWDED.values()))
        yield _WORDS[what](dice, dice.choice(PEOPLE), GROUPS[0], f"w{number}")


def _together(dice: random.Random) -> Iterator[Words]:
    for number in count(1):
        (what,) = dice.choices(list(TOGETHER), list(TOGETHER.values()))
        yield _WORDS[what](dice, dice.choice(PEOPLE), GROUPS[0], f"w{number}")


def _creations(dice: random.Random) -> Words:
    people = dice.sample(PEOPLE, dice.choice((2, 3, 5)))
    return "bulk", *(f"create {each}" for each in people)


def _numbered(dice: random.Random) -> Iterator[Words]:
    number = 0
    while True:
        number += 1
        yield _deed(dice, f"w{number}")


def _deed(dice: random.Random, word: str) -> Words:
    (what,) = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))
    if what in {"bulk", "job"}:
        return (what, *islice(_parts(dice, word), 3))
    return _WORDS[what](dice, dice.choice(PEOPLE), dice.choice(GROUPS), word)


def _parts(dice: random.Random, word: str) -> Iterator[str]:
    for number in count():
        deed = _deed(dice, f"{word}-{number}")
        if deed[0] in {"set", "put-user", "join", "leave", "create", "delete"}:
            yield " ".join(deed)


def _renaming(dice: random.Random, person: str, group: str) -> Words:
    if dice.random() < 0.5:
        return "set", person, "userName", f"user-{dice.choice((person, dice.choice(PEOPLE), 'x'))}"
    return "set", group, "displayName", f"name-{dice.choice((group, dice.choice(GROUPS), 'x'))}"


def _replacing(dice: random.Random, group: str, word: str) -> Words:
    inside = dice.sample((*PEOPLE, *GROUPS), dice.randrange(0, 7))
    return "put-group", group, word, *(each for each in inside if each != group)


_NAMES = ("title", "nickName")
_WORDS: Mapping[str, Callable[[random.Random, str, str, str], Words]] = {
    "set": lambda d, p, _g, w: ("set", p, d.choice(_NAMES), w),
    "set-matched": lambda d, p, _g, w: ("set-matched", p, d.choice(_NAMES), w),
    "put-user": lambda _d, p, _g, w: ("put-user", p, w),
    "rename": lambda d, p, g, _w: _renaming(d, p, g),
    "put-group": lambda d, _p, g, w: _replacing(d, g, w),
    "join": lambda d, _p, g, _w: ("join", g, *d.sample(PEOPLE, d.choice((1, 1, 2, 4)))),
    "nest": lambda d, _p, _g, _w: ("join", *d.sample(GROUPS, 2)),
    "leave": lambda _d, p, g, _w: ("leave", g, p),
    "unnest": lambda d, _p, _g, _w: ("leave", *d.sample(GROUPS, 2)),
    "create": lambda _d, p, _g, _w: ("create", p),
    "creations": lambda d, _p, _g, _w: _creations(d),
    "create-group": lambda d, _p, g, _w: ("create", g, *d.sample(PEOPLE, d.randrange(0, 5))),
    "delete": lambda _d, p, _g, _w: ("delete", p),
    "delete-group": lambda _d, _p, g, _w: ("delete", g),
    "manager": lambda d, _p, _g, _w: ("manager", *d.sample(PEOPLE, 2)),
    "get": lambda _d, p, _g, _w: ("get", p),
    "get-group": lambda _d, _p, g, _w: ("get", g),
    "find": lambda d, p, g, _w: ("find", d.choice((p, g))),
    "list": lambda d, _p, _g, _w: ("list", d.choice(("User", "Group"))),
    "fill": lambda d, _p, g, w: ("put-group", g, w, *d.sample(PEOPLE, len(PEOPLE))),
    "empty": lambda _d, _p, g, w: ("put-group", g, w),
    "find-group": lambda _d, _p, g, _w: ("find", g),
}
