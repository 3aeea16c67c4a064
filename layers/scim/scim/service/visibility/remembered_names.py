"""A cache of records for their names, some seconds old: each member of a group shows the group's name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from scim.resource.change import Creation, Deletion, Update
from scim.resource.record import Key, Record, Stale
from scim.service.ports import Creations, Directory
from scim.service.recent import Recent
from scim.service.visibility.forwarded_reads import ForwardedReads

MOST: Final = 1_000
"""Records after which older ones are dropped: at most twice as many are kept."""
LARGEST: Final = 10_000
"""The most characters of a record that is cached: memory is limited."""
_ANY: Final = ""


class RememberedNames(ForwardedReads):
    """Implements the port `Directory` on another; what `read_named` returns is up to `seconds` old.

    Changes written through it are visible at once. `clock` returns seconds that never go back.
    """

    def __init__(self, behind: Directory, seconds: float, clock: Callable[[], float]) -> None:
        super().__init__(behind)
        self._writes = behind
        self._seconds = seconds
        self._clock = clock
        self._known: Recent[tuple[str, Key], tuple[float, Record]] = Recent(MOST)
        self._written: dict[tuple[str, str], float] = {}

    def read_named(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        now = self._clock()
        records: dict[Key, Record] = {}
        keys_to_read: list[Key] = []
        for key in keys:
            since, record = self._known.get((tenant, key)) or (0.0, None)
            if record is None or since <= self._valid_after(tenant, key.type, now):
                keys_to_read.append(key)
            else:
                records[key] = record
        if keys_to_read:
            records_read = self.behind.read_many(tenant, keys_to_read)
            for key, record in records_read.items():
                if record.weight <= LARGEST:
                    # Dated before the read, so that a write meanwhile makes it invalid.
                    self._known.keep((tenant, key), (now, record))
            records.update(records_read)
        return records

    def create(self, tenant: str, creation: Creation) -> int:
        with self._writing(tenant, creation.key.type):
            return self._writes.create(tenant, creation)

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> Sequence[Exception | None]:
        if not isinstance(self._writes, Creations):
            return [Stale() for _ in creations]
        with ExitStack() as stack:
            for type_name in {creation.key.type for creation in creations}:
                stack.enter_context(self._writing(tenant, type_name))
            return self._writes.create_many(tenant, creations, lane)

    def update(self, tenant: str, update: Update) -> int:
        with self._writing(tenant, update.before.key.type):
            return self._writes.update(tenant, update)

    def delete(self, tenant: str, deletion: Deletion) -> None:
        # Resources of any type that refer to it may be deleted with it.
        with self._writing(tenant, _ANY):
            self._writes.delete(tenant, deletion)

    def _valid_after(self, tenant: str, type_name: str, now: float) -> float:
        """Return the time after which a record of a type must have been read to be valid."""
        written = self._written
        last_write = max(written.get((tenant, type_name), 0.0), written.get((tenant, _ANY), 0.0))
        return max(last_write, now - self._seconds)

    @contextmanager
    def _writing(self, tenant: str, type_name: str) -> Iterator[None]:
        """Invalidate everything read before the end of the write, even if the write fails."""
        try:
            yield
        finally:
            now = self._clock()
            if len(self._written) >= MOST:
                oldest_valid = now - self._seconds
                self._written = {
                    place: time for place, time in self._written.items() if time > oldest_valid
                }
            self._written[tenant, type_name] = now
