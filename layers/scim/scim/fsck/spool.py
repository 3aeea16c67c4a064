"""The spool: it keeps the items of a table, by part, until each part is checked."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from zlib import crc32

from scim.fsck.item import Item
from scim.fsck.places import Place

AT_ONCE = 500
"""Items written at once."""


class Spool(Protocol):
    """Takes items, and returns them part by part."""

    def part_of(self, place: Place) -> int:
        """Return the number of the part with all items of a place."""
        ...

    def add(self, part: int, item: Item) -> None:
        """Put an item into a part."""
        ...

    def parts(self) -> Iterator[tuple[int, list[Item]]]:
        """Yield each part once, with its number."""
        ...


class InMemory:
    """A spool with one part in memory, for a small table."""

    def __init__(self) -> None:
        self._items: list[Item] = []

    def part_of(self, _: Place) -> int:
        return 0

    def add(self, _: int, item: Item) -> None:
        self._items.append(item)

    def parts(self) -> Iterator[tuple[int, list[Item]]]:
        yield 0, self._items


class InFiles:
    """A spool with `number` files in a folder, which the caller removes.

    It unpickles only what this process has written itself.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._waiting: list[list[object]] = [[] for _ in range(number)]

    def part_of(self, place: Place) -> int:
        return crc32(f"{place[0]}#{place[1]}".encode(errors="replace")) % len(self._waiting)

    def add(self, part: int, item: Item) -> None:
        waiting = self._waiting[part]
        waiting.append(item.attributes)
        if len(waiting) >= AT_ONCE:
            self._write(part)

    def parts(self) -> Iterator[tuple[int, list[Item]]]:
        for part in range(len(self._waiting)):
            self._write(part)
            yield part, list(self._read(part))

    def _write(self, part: int) -> None:
        with self._path(part).open("ab") as file:
            pickle.dump(self._waiting[part], file, protocol=5)
        self._waiting[part] = []

    def _read(self, part: int) -> Iterator[Item]:
        with self._path(part).open("rb") as file:
            while True:
                try:
                    batch = pickle.load(file)  # noqa: S301 - written above
                except EOFError:
                    return
                yield from map(Item, batch)

    def _path(self, part: int) -> Path:
        return self._folder / f"{part}.items"
