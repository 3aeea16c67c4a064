"""A directory on which somebody else is writing too."""

from collections.abc import Callable

from scim.resource.change import Creation, Deletion, Update
from scim.resource.record import Stale
from tests.fakes.directory import FakeDirectory


class BusyDirectory(FakeDirectory):
    """Just before a write, runs what others do meanwhile; then is stale some more times.

    `meanwhile` is run once, before the first write after it was set; `stale` counts down;
    `attempts` are the writes asked for.
    """

    def __init__(self, stale: int = 0) -> None:
        super().__init__()
        self.stale = stale
        self.attempts = 0
        self.meanwhile: Callable[[], object] | None = None

    def create(self, tenant: str, creation: Creation) -> int:
        self._before_write()
        return super().create(tenant, creation)

    def update(self, tenant: str, update: Update) -> int:
        self._before_write()
        return super().update(tenant, update)

    def delete(self, tenant: str, deletion: Deletion) -> None:
        self._before_write()
        super().delete(tenant, deletion)

    def _before_write(self) -> None:
        self.attempts += 1
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        if self.stale:
            self.stale -= 1
            raise Stale
