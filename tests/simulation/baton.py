"""Threads of which one runs at a time: who does is decided where they ask the store, or wait.

Time passes only when somebody waits, or a little with each question to the store.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.choices import Choices

STAY = 60
"""Of a hundred questions, those before which whoever runs goes on."""
TICK = 0.001
"""Seconds that pass with a question."""
LAST = 2.0
"""Seconds after which a thread that should have ended is a mistake of the simulator's."""


class StuckError(Exception):
    """A history does not come to its end."""


@dataclass
class Runner:
    """One thread of a history."""

    name: str
    act: Callable[[], None]
    is_needed: bool = True
    """Whether the history goes on until this has ended."""
    wake: float = 0.0
    is_done: bool = False
    error: BaseException | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Baton:
    """Runs the threads of one history."""

    def __init__(self, choices: Choices, stay: int = STAY) -> None:
        self.choices = choices
        self.now = 0.0
        self.steps = 0
        self.most_steps = 200_000
        self._stay = stay
        self._runners: list[Runner] = []
        self._current: Runner | None = None
        self._over = threading.Event()
        self.is_ending = False

    def run(self, runners: list[Runner]) -> None:
        """Run them until those that are needed have ended; raises what one of them raised."""
        self._runners = runners
        self.is_ending = False
        self._over.clear()
        threads = [threading.Thread(target=self._begin, args=[each]) for each in runners]
        for runner, thread in zip(runners, threads, strict=True):
            runner.lock.acquire()
            thread.daemon = True
            thread.start()
        self._hand_over(None)
        self._over.wait()
        self.is_ending = True
        # What is left waits for nothing any more: each is let run to its end, one by one.
        for runner, thread in zip(runners, threads, strict=True):
            if not runner.is_done:
                self._current = runner
                runner.lock.release()
            thread.join(60)
        self._current = None
        for runner in runners:
            if runner.error is not None:
                raise runner.error

    def pause(self) -> None:
        """Let others run, perhaps: before a question to the store."""
        self.steps += 1
        self.now += TICK
        if self.steps > self.most_steps:
            raise StuckError(f"{self.steps} questions to the store")
        if self._current is None or self.is_ending:
            return
        others = self._waiting()
        if not others:
            return
        chance = self.choices.below(100)
        if chance >= self._stay:
            self._switch(others[chance % len(others)])

    def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have passed."""
        me = self._current
        if me is None or self.is_ending:
            self.now += seconds
            return
        me.wake = self.now + seconds
        while self.now < me.wake and not self.is_ending:
            others = self._waiting()
            if not others:
                # Nobody can run before the first of those who wait.
                sleeping = [each.wake for each in self._runners if not each.is_done]
                self.now = max(self.now, min(sleeping))
                if self.now >= me.wake:
                    break
                others = self._waiting()
            chance = self.choices.below(100)
            self._switch(others[chance % len(others)])
        me.wake = 0.0

    def _waiting(self) -> list[Runner]:
        me, now = self._current, self.now
        return [
            each
            for each in self._runners
            if each is not me and not each.is_done and each.wake <= now
        ]

    def _switch(self, other: Runner) -> None:
        me = self._current
        assert me is not None
        self._current = other
        other.lock.release()
        me.lock.acquire()

    def _begin(self, runner: Runner) -> None:
        runner.lock.acquire()
        try:
            if not self.is_ending:
                runner.act()
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits for all
            runner.error = error
        finally:
            runner.is_done = True
            if not self.is_ending:
                self._hand_over(runner)

    def _hand_over(self, runner: Runner | None) -> None:
        """Let another run: the history has begun, or a thread has ended."""
        failed = runner is not None and runner.error is not None
        left = [each for each in self._runners if not each.is_done]
        if failed or not any(each.is_needed for each in left):
            self._over.set()
            return
        ready = [each for each in left if each.wake <= self.now]
        if not ready:
            self.now = min(each.wake for each in left)
            ready = [each for each in left if each.wake <= self.now]
        self._current = ready[self.choices.below(100) % len(ready)]
        self._current.lock.release()
