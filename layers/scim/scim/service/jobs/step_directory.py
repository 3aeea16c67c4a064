"""Directories for the steps of jobs: one leaves a receipt with each change, one changes nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from scim.errors import Uniqueness
from scim.resource.access_path import Direction, IndexValue
from scim.resource.change import Creation, Deletion, Receipt, Update
from scim.resource.record import Entry, Key, Record
from scim.service.ports import Directory

Change = Creation | Update | Deletion
Issue = Callable[[Change], Receipt]


@dataclass(slots=True)
class _Recording:
    """Passes everything on, changes with their receipt; `made` is the result of the one made."""

    directory: Directory
    issue: Issue
    made: Mapping[str, object] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.directory, name)

    def create(self, tenant: str, creation: Creation) -> None:
        receipt = self.issue(creation)
        self.directory.create(tenant, replace(creation, receipt=receipt))
        self.made = {"version": 1, **receipt.content}

    def update(self, tenant: str, update: Update) -> int:
        receipt = self.issue(update)
        version = self.directory.update(tenant, replace(update, receipt=receipt))
        self.made = {"version": version, **receipt.content}
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        receipt = self.issue(deletion)
        self.directory.delete(tenant, replace(deletion, receipt=receipt))
        self.made = receipt.content


@dataclass(frozen=True, slots=True)
class RecordingDirectory:
    """The directory for one step; the step makes at most one change."""

    directory: Directory
    _own: _Recording

    @classmethod
    def on(cls, directory: Directory, issue: Issue) -> "RecordingDirectory":
        """Return a directory whose changes have the receipts that are issued for them."""
        own = _Recording(directory, issue)
        # It has what the directory has, which a type checker cannot see.
        return cls(cast(Directory, own), own)

    @property
    def made(self) -> Mapping[str, object] | None:
        """Return the result of the change that was made, as it is stored with it."""
        return self._own.made


Claim = Callable[[Entry], bool]
"""Claims a unique value for the step; tells whether no step before has it."""


@dataclass(slots=True)
class _Rehearsing:
    """Passes reading on and remembers the change that is asked for."""

    directory: Directory
    issue: Issue
    claim: Claim
    imagined: Mapping[Key, Record]
    receipt: Receipt | None = None
    version: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.directory, name)

    def read(self, tenant: str, key: Key) -> Record | None:
        return self.imagined.get(key) or self.directory.read(tenant, key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        wanted = list(keys)
        real = [key for key in wanted if key not in self.imagined]
        found = dict(self.directory.read_latest(tenant, real)) if real else {}
        return found | {key: self.imagined[key] for key in wanted if key in self.imagined}

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self.read_latest(tenant, keys)

    def create(self, tenant: str, creation: Creation) -> None:
        self._require_free(tenant, creation.key, creation.entries)
        receipt = self.issue(creation)
        self.receipt, self.version = receipt, 1

    def update(self, tenant: str, update: Update) -> int:
        if update.body is not None:
            self._require_free(
                tenant, update.before.key, update.entries_after - update.entries_before
            )
        self.receipt, self.version = self.issue(update), update.before.version + 1
        return self.version

    def delete(self, tenant: str, deletion: Deletion) -> None:  # noqa: ARG002 - as the port
        self.receipt = self.issue(deletion)

    def _require_free(self, tenant: str, key: Key, entries: Iterable[Entry]) -> None:
        for entry in sorted(entries):
            if not entry.is_unique:
                continue
            path = IndexValue(key.type, entry.attribute, entry.value)
            held = self.directory.ids(tenant, path, Direction.UP, None, 1)
            if any(id_ != key.id for id_ in held.ids) or not self.claim(entry):
                raise Uniqueness(f"The value of {entry.attribute} is already taken.")


@dataclass(frozen=True, slots=True)
class DryRunDirectory:
    """The directory for one step that is only rehearsed."""

    directory: Directory
    _own: _Rehearsing

    @classmethod
    def on(
        cls, directory: Directory, issue: Issue, claim: Claim, imagined: Mapping[Key, Record]
    ) -> "DryRunDirectory":
        """Return a directory in which the `imagined` resources live, made by steps before."""
        own = _Rehearsing(directory, issue, claim, imagined)
        # It has what the directory has, which a type checker cannot see.
        return cls(cast(Directory, own), own)

    @property
    def made(self) -> Mapping[str, object] | None:
        """Return the result the change would have had."""
        if self._own.receipt is None:
            return None
        version = {} if self._own.version is None else {"version": self._own.version}
        return {**version, **self._own.receipt.content}
