"""What a process has met lately: up to so many things, the oldest of which give way.

Nothing of it is an answer. It says where to look first, and what is found there is looked at as if nobody had known.
"""

from typing import Final, Generic, NamedTuple, TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")

KEPT: Final = 5_000
"""Things after which the older ones are let go of: at most twice as many are kept."""


class Recent(Generic[_K, _V]):
    """Things by their keys; threads may share it.

    They lie in two halves: when the newer one is full, the older one is dropped, and what was
    asked for meanwhile is in the newer one again.
    """

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._newer: dict[_K, _V] = {}
        self._older: dict[_K, _V] = {}

    def get(self, key: _K) -> _V | None:
        """Return what is known of the key, None for nothing."""
        found = self._newer.get(key)
        if found is None and (found := self._older.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: _K, thing: _V) -> None:
        """Keep something in the place of what was known of the key."""
        if len(self._newer) >= self._most:
            self._newer, self._older = {}, self._newer
        self._newer[key] = thing

    def forget(self, key: _K) -> None:
        """Let go of what is known of the key."""
        self._newer.pop(key, None)
        self._older.pop(key, None)


class Held(NamedTuple):
    """A unique value, as an index has it: somebody's in a tenant."""

    tenant: str
    type: str
    attribute: str
    value: str


Holders = Recent[Held, str]
"""The ids of the resources that unique values were last seen at."""
