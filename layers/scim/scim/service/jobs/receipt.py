"""A directory that leaves a receipt with the change it is asked for, in the same transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from scim.resource.change import Creation, Deletion, Receipt, Update
from scim.service.ports import Directory

Change = Creation | Update | Deletion
Issue = Callable[[Change], Receipt]


@dataclass(slots=True)
class _Receipting:
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
class Receipting:
    """The directory for one step; the step makes at most one change."""

    directory: Directory
    _own: _Receipting

    @classmethod
    def on(cls, directory: Directory, issue: Issue) -> "Receipting":
        """Return a directory whose changes have the receipts that are issued for them."""
        own = _Receipting(directory, issue)
        # It has what the directory has, which a type checker cannot see.
        return cls(cast(Directory, own), own)

    @property
    def made(self) -> Mapping[str, object] | None:
        """Return the result of the change that was made, as it is stored with it."""
        return self._own.made
