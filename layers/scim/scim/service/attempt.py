"""One attempt at a write: the records it has read, and the number of attempts a use case makes."""

from collections.abc import Iterable, Iterator

from scim.errors import NotFound, UnknownResource
from scim.resource.record import Key, Record
from scim.service.endpoint import Endpoint
from scim.service.ports import Clock


class Reading:
    """Current records, each read once per attempt."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._seen: dict[Key, Record | None] = {}

    def of(self, keys: Iterable[Key]) -> dict[Key, Record]:
        """Return the live records among the keys; reads only keys that this attempt has not read."""
        unique_keys = list(dict.fromkeys(keys))
        unread_keys = [key for key in unique_keys if key not in self._seen]
        if unread_keys:
            records = self._endpoint.directory.read_latest(self._endpoint.tenant, unread_keys)
            self._seen.update({key: records.get(key) for key in unread_keys})
        return {key: record for key in unique_keys if (record := self._seen[key]) is not None}

    def one(self, key: Key) -> Record:
        """Return the record. Raises NotFound when it does not exist.

        A large change of its edges that another request began is completed first: otherwise the rest
        of that change could undo a decision taken in the middle of it.
        """
        record = self._latest(key)
        if record.is_unsettled:
            now = self._endpoint.clock.now()
            self._endpoint.directory.settle(self._endpoint.tenant, key, now)
            self._seen.clear()
            record = self._latest(key)
        return record

    def _latest(self, key: Key) -> Record:
        record = self.of([key]).get(key)
        if record is None:
            raise not_found(key.type)
        return record


def settled(endpoint: Endpoint, record: Record) -> Record | None:
    """Return the record after completing any large change of its edges; None when it no longer exists.

    The writer of that change may have died halfway: no client sees half of a change.
    """
    if not record.is_unsettled:
        return record
    try:
        return Reading(endpoint).one(record.key)
    except NotFound:
        return None


def not_found(type_name: str) -> NotFound:
    """Return the error for an id that names no resource, whatever the reason."""
    return UnknownResource(f"There is no {type_name} with this id.", type_name)


LIMIT = 10
_FIRST_PAUSE, _LONGEST_PAUSE = 0.04, 0.4


def attempts(clock: Clock) -> Iterator[int]:
    """Yield one number per attempt, after a pause if it is not the first; the store has already retried plain conflicts.

    An attempt made at once would often read the resource while the others still write it.
    """
    yield 0
    pause = _FIRST_PAUSE
    for attempt in range(1, LIMIT):
        clock.pause(pause)
        yield attempt
        pause = min(_LONGEST_PAUSE, 2 * pause)
