"""A cache with a limited number of entries, each for a limited time: for what other processes change or delete.

An instance of a function lives for hours, and serves more tenants than it can remember.
"""

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")

MOST: Final = 1_000
"""Entries after which the oldest are dropped."""


class ExpiringCache(Generic[_K, _V]):
    """A map that drops entries when their time is over, and the oldest ones beyond `most`; threads may share it.

    `clock` returns seconds that never go back: an entry that ended by the time of day would come back to life.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._entries: dict[_K, tuple[float, _V]] = {}

    def get(self, key: _K) -> _V | None:
        """Return the value for the key, None if there is none or its time is over."""
        entry = self._entries.get(key)
        return entry[1] if entry is not None and self._clock() < entry[0] else None

    def keep(self, key: _K, value: _V, seconds: float) -> None:
        """Store a value for some seconds, in place of any earlier one for the key."""
        now = self._clock()
        living = [
            (other_key, entry)
            for other_key, entry in self._entries.copy().items()
            if entry[0] > now and other_key != key
        ]
        newest = living[max(len(living) + 1 - self._most, 0) :]
        # A new dictionary each time: another thread may be reading the old one.
        self._entries = dict([*newest, (key, (now + seconds, value))])

    def forget(self, key: _K) -> None:
        """Remove the value for the key."""
        self._entries.pop(key, None)
