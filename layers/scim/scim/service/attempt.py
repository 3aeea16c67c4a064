"""One attempt at a write: what it has read so far, and how often a use case starts over."""

from collections.abc import Iterable

from scim.errors import NotFound, UnknownResource
from scim.resource.record import Key, Record
from scim.service.endpoint import Endpoint


class Reading:
    """Up-to-date records, remembered for the length of one attempt."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._seen: dict[Key, Record | None] = {}

    def of(self, keys: Iterable[Key]) -> dict[Key, Record]:
        """Return those of the keys that live; asks the directory only for what is new."""
        wanted = list(dict.fromkeys(keys))
        new = [key for key in wanted if key not in self._seen]
        if new:
            found = self._endpoint.directory.read_latest(self._endpoint.tenant, new)
            self._seen.update({key: found.get(key) for key in new})
        return {key: record for key in wanted if (record := self._seen[key]) is not None}

    def one(self, key: Key) -> Record:
        """Return the record; raises NotFound when it does not live.

        What others have begun on it is completed first: a decision taken in the middle of a
        large change of its edges might be undone by the rest of it.
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
    """Return the record with no large change of its edges under way, None where it is gone.

    Somebody may have died in the middle of one: nobody is shown a half of it.
    """
    if not record.is_unsettled:
        return record
    try:
        return Reading(endpoint).one(record.key)
    except NotFound:
        return None


def not_found(type_name: str) -> NotFound:
    """Return the refusal for an id that names nothing, whatever the reason."""
    return UnknownResource(f"There is no {type_name} with this id.", type_name)


LIMIT = 10


def attempts() -> range:
    """Return one turn per attempt; the store has already waited out plain conflicts."""
    return range(LIMIT)
