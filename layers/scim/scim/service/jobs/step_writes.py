"""Writes for the steps of jobs: with a receipt for each change, or without changing anything."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from scim.errors import Uniqueness
from scim.resource.access_path import Direction, IndexValue
from scim.resource.change import Creation, Deletion, Receipt, Update
from scim.resource.record import Entry, Key, Record
from scim.service.ports import Reads, Writes
from scim.service.visibility.forwarded_reads import ForwardedReads

Change = Creation | Update | Deletion
Issue = Callable[[Change], Receipt]


@dataclass(slots=True)
class RecordedWrites:
    """Stores the one change of a step together with its receipt.

    `result` is the result of the change, as stored with it.
    """

    writes: Writes
    issue: Issue
    result: Mapping[str, object] | None = None

    def create(self, tenant: str, creation: Creation) -> int:
        receipt = self.issue(creation)
        version = self.writes.create(tenant, replace(creation, receipt=receipt))
        self.result = {"version": version, **receipt.content}
        return version

    def update(self, tenant: str, update: Update) -> int:
        receipt = self.issue(update)
        version = self.writes.update(tenant, replace(update, receipt=receipt))
        self.result = {"version": version, **receipt.content}
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        receipt = self.issue(deletion)
        self.writes.delete(tenant, replace(deletion, receipt=receipt))
        self.result = receipt.content


class Gathered(Exception):
    """The creation of a step is complete but not stored yet; this ends the use case before it answers."""

    def __init__(self, creation: Creation) -> None:
        super().__init__()
        self.creation = creation


class Alone(Exception):
    """The step's change cannot be stored together with others."""


class GatheringWrites:
    """Stores nothing: raises Gathered with the creation of a step, Alone for other changes."""

    def create(self, tenant: str, creation: Creation) -> int:  # noqa: ARG002 - as the port
        raise Gathered(creation)

    def update(self, tenant: str, update: Update) -> int:  # noqa: ARG002 - as the port
        raise Alone

    def delete(self, tenant: str, deletion: Deletion) -> None:  # noqa: ARG002 - as the port
        raise Alone


@dataclass(frozen=True, slots=True)
class RefusedCreation:
    """A creation that the store refused, and its error."""

    creation: Creation
    error: Exception


@dataclass(slots=True)
class RefusedOnce:
    """Writes that raise the store's known refusal of a creation once, instead of trying it again.

    With other indexed values, such as another derived name, it is another creation, which the store has not refused.
    """

    writes: Writes
    refused: RefusedCreation | None

    def create(self, tenant: str, creation: Creation) -> int:
        refused, self.refused = self.refused, None
        if refused is not None and refused.creation.entries == creation.entries:
            raise refused.error
        return self.writes.create(tenant, creation)

    def update(self, tenant: str, update: Update) -> int:
        return self.writes.update(tenant, update)

    def delete(self, tenant: str, deletion: Deletion) -> None:
        self.writes.delete(tenant, deletion)


@dataclass(frozen=True, slots=True)
class DryRunValues:
    """The unique values as the earlier steps of a dry run would have left them.

    `claim` claims a value for the step, and tells whether no earlier step has it. `free` notes that the step
    gives up a value that is stored; `is_freed` tells whether an earlier step has.
    """

    claim: Callable[[Entry], bool]
    free: Callable[[Entry], None]
    is_freed: Callable[[Entry], bool]


class ImaginedReads(ForwardedReads):
    """Reads that include the resources that earlier steps of a dry run would have created."""

    def __init__(self, behind: Reads, imagined: Mapping[Key, Record]) -> None:
        super().__init__(behind)
        self._imagined = imagined

    def read(self, tenant: str, key: Key) -> Record | None:
        return self._imagined.get(key) or self.behind.read(tenant, key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        all_keys = list(keys)
        real = [key for key in all_keys if key not in self._imagined]
        stored = dict(self.behind.read_latest(tenant, real)) if real else {}
        return stored | {key: self._imagined[key] for key in all_keys if key in self._imagined}

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self.read_latest(tenant, keys)


@dataclass(slots=True)
class DryRunWrites:
    """Changes nothing: checks whether a change would succeed, and records it."""

    reads: Reads
    issue: Issue
    values: DryRunValues
    receipt: Receipt | None = None
    version: int | None = None

    @property
    def result(self) -> Mapping[str, object] | None:
        """Return the result that the change would have had."""
        if self.receipt is None:
            return None
        version = {} if self.version is None else {"version": self.version}
        return {**version, **self.receipt.content}

    def create(self, tenant: str, creation: Creation) -> int:
        self._require_free(tenant, creation.key, creation.entries)
        receipt = self.issue(creation)
        self.receipt, self.version = receipt, 1
        return self.version

    def update(self, tenant: str, update: Update) -> int:
        if update.body is not None:
            self._require_free(
                tenant, update.before.key, update.entries_after - update.entries_before
            )
            self._free(update.entries_before - update.entries_after)
        self.receipt, self.version = self.issue(update), update.before.version + 1
        return self.version

    def delete(self, tenant: str, deletion: Deletion) -> None:  # noqa: ARG002 - as the port
        self._free(deletion.entries)
        self.receipt = self.issue(deletion)

    def _free(self, entries: Iterable[Entry]) -> None:
        for entry in sorted(entries):
            if entry.is_unique:
                self.values.free(entry)

    def _require_free(self, tenant: str, key: Key, entries: Iterable[Entry]) -> None:
        for entry in sorted(entries):
            if not entry.is_unique:
                continue
            path = IndexValue(key.type, entry.attribute, entry.value)
            holders = self.reads.ids(tenant, path, Direction.UP, None, 1)
            is_held = any(id_ != key.id for id_ in holders.ids) and not self.values.is_freed(entry)
            if is_held or not self.values.claim(entry):
                raise Uniqueness(f"The value of {entry.attribute} is already taken.")
