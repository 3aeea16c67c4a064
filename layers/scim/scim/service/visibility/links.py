"""The back links of a record as far as they are seen; looked at only when somebody asks."""

from collections.abc import Callable, Iterator, Mapping

from scim.resource.record import Link

Narrow = Callable[[Link, frozenset[str]], frozenset[str]]
"""Returns which of the ids behind a link are seen."""


class Links(Mapping[Link, frozenset[str]]):
    """Reads like the links that are stored, without the ids that are not seen."""

    def __init__(self, stored: Mapping[Link, frozenset[str]], narrow: Narrow) -> None:
        self.stored = stored
        self._narrow = narrow

    def __getitem__(self, link: Link) -> frozenset[str]:
        return self._narrow(link, self.stored[link])

    def __iter__(self) -> Iterator[Link]:
        return iter(self.stored)

    def __len__(self) -> int:
        return len(self.stored)
