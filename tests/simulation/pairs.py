"""Pairs of operations: the second one whole, just before each question of the first to the store.

And each operation alone with a death before or after each question, the other one then.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.simulation.choices import Choices
from tests.simulation.faults import Death
from tests.simulation.history import LISTS, POOL, History
from tests.simulation.operations import Slots, Words
from tests.simulation.timeline import Timeline
from tests.simulation.world import Process, World, simulated

TOWN: tuple[Words, ...] = (
    *(("create", slot) for slot in ("p0", "p1", "p2", "p3", "p4", "g0", "g1", "g2")),
    ("put-group", "g0", "w0", "p0", "p1", "p2", "p3", "g2"),
    ("join", "g1", "p0", "p1"),
    ("manager", "p1", "p0"),
    ("delete", "p4"),
)
OPERATIONS: tuple[Words, ...] = (
    ("set", "p0", "title", "w1"),
    ("set-matched", "p0", "nickName", "w2"),
    ("put-user", "p0", "w3"),
    ("set", "p0", "userName", "user-x"),
    ("set", "p1", "userName", "user-x"),
    ("create", "p4"),
    ("create", "p0"),
    ("put-group", "g0", "w4", "p3", "g1"),
    ("put-group", "g1", "w5", "p0", "p1", "p2", "p3", "g0"),
    ("put-group", "g0", "w6"),
    ("join", "g0", "g1"),
    ("join", "g2", "g0"),
    ("join", "g1", "p2", "p3"),
    ("leave", "g0", "p0"),
    ("leave", "g0", "g2"),
    ("delete", "p0"),
    ("delete", "g0"),
    ("delete", "g1"),
    ("manager", "p2", "p0"),
    ("manager", "p1", "p2"),
    ("get", "g0"),
    ("find", "p0"),
    ("find", "g1"),
    ("list", "Group"),
    ("bulk", "join g1 p3", "set p0 title w7", "leave g0 p1"),
    ("sweep",),
)


@dataclass
class Town:
    """The same beginning for every pair."""

    history: History = field(init=False)

    def __post_init__(self) -> None:
        self.history = History(World(Choices()), ())
        with simulated(self.history.world):
            process = POOL.of("town", self.history.world)
            for words in TOWN:
                assert self.history.request(process, words).status < 300, words

    def again(self) -> History:
        """Return a history that begins where the town was built."""
        built, world = self.history, World(Choices())
        world.table, world.ids.made = built.world.table.copy(), built.world.ids.made
        world.table.clock, world.baton.now = world.time.monotonic, built.world.baton.now
        slots = Slots(dict(built.slots.ids), dict(built.slots.versions))
        history = History(world, (), slots, list(built.dones))
        history.first = world.table.tick
        return history


@dataclass
class Interruption:
    """Hears each question of process `who`; at the k-th something happens."""

    who: str
    k: int
    act: Callable[[], None]
    asked: int = 0

    def __call__(self, who: str, what: str, how: str) -> None:
        if who == self.who and how == "":
            self.asked += 1
            if self.asked == self.k:
                self.act()


def together(town: Town, first: Words, second: Words, k: int) -> tuple[list[str], bool]:
    """Let the second happen before the k-th question of the first.

    Return what is wrong, and whether the first asked so often at all.
    """
    history, meanwhile = _interrupted(town, first, second, k, is_deadly=False)
    return history.verdict(), meanwhile.asked >= k


def dying(town: Town, first: Words, second: Words, k: int) -> tuple[list[str], bool]:
    """Let the first die at its k-th question, which is not asked any more; then the second happens."""
    history, meanwhile = _interrupted(town, first, second, k, is_deadly=True)
    return history.verdict(), meanwhile.asked >= k


def members_left(town: Town, group: str, first: Words, second: Words) -> Iterator[frozenset[str]]:
    """Yield a group's members after the second happened before each question of the first.

    So the first of them are those after second and first, one after the other. The last, after first and second.
    """
    k = 1
    while True:
        history, meanwhile = _interrupted(town, first, second, k, is_deadly=False)
        table = history.world.table
        yield Timeline(table.commits).members(history.slots.id(group), table.tick)
        if meanwhile.asked < k:
            return
        k += 1


def _interrupted(
    town: Town, first: Words, second: Words, k: int, *, is_deadly: bool
) -> tuple[History, Interruption]:
    history = town.again()
    world = history.world
    with simulated(world):
        one, other = POOL.of("a", world), POOL.of("b", world)

        def act() -> None:
            if is_deadly:
                one.client.is_dead = True
                raise Death
            _do(history, other, second)

        meanwhile = Interruption("a", k, act)
        one.client.told = meanwhile
        _do(history, one, first)
        if is_deadly or meanwhile.asked < k:
            _do(history, other, second)
        history.settle(LISTS)
    return history, meanwhile


def _do(history: History, process: Process, words: Words) -> None:
    if words[0] == "sweep":
        history.sweep(process)
    else:
        history.request(process, words)


def every_boundary(
    town: Town, first: Words, second: Words, happen: Callable[..., tuple[list[str], bool]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield each boundary of the first with what was wrong there."""
    k = 1
    while True:
        wrong, is_there = happen(town, first, second, k)
        if not is_there:
            return
        yield k, wrong
        k += 1
