"""A cache of what a process saw recently, limited in size: the oldest entries are dropped.

An entry is only a hint where to look first; what is found there is checked as if there were no hint.
"""

from typing import Final, Generic, NamedTuple, TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")

KEPT: Final = 5_000
"""Entries after which older ones are dropped: at most twice as many are kept."""


class Recent(Generic[_K, _V]):
    """A map with a limited number of entries; threads may share it.

    It has two halves. When the newer half is full, the older one is dropped; an entry that is read
    moves back to the newer half.
    """

    def __init__(self, capacity: int = KEPT) -> None:
        self._capacity = capacity
        self._newer: dict[_K, _V] = {}
        self._older: dict[_K, _V] = {}

    def get(self, key: _K) -> _V | None:
        """Return the entry for the key, None if there is none."""
        entry = self._newer.get(key)
        if entry is None and (entry := self._older.get(key)) is not None:
            self.keep(key, entry)
        return entry

    def keep(self, key: _K, entry: _V) -> None:
        """Store an entry, replacing any earlier one for the key."""
        if len(self._newer) >= self._capacity:
            self._newer, self._older = {}, self._newer
        self._newer[key] = entry

    def forget(self, key: _K) -> None:
        """Remove the entry for the key."""
        self._newer.pop(key, None)
        self._older.pop(key, None)


class UniqueValue(NamedTuple):
    """A unique value in an index of a tenant."""

    tenant: str
    type: str
    attribute: str
    value: str


ValueHolders = Recent[UniqueValue, str]
"""The ids of the resources at which unique values were last seen."""
