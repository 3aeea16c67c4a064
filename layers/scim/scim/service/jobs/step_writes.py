"""Writes for the steps of jobs: with a receipt for each change, also those of a dry run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scim.resource.change import Change, Creation, Deletion, Receipt, Update
from scim.resource.overlay import OverlayChange, OverlayEntry
from scim.service.jobs.ports import Results
from scim.service.ports import Writes

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
class JobOverlay:
    """Implements the port `Overlay` for one step of a job's dry run, which its other steps see."""

    results: Results
    tenant: str
    job: str
    step: int

    def read(self, names: Iterable[str]) -> Mapping[str, OverlayEntry]:
        return self.results.overlay_entries(self.tenant, self.job, names)

    def keep(self, overlay_changes: Sequence[OverlayChange], receipt: Receipt | None) -> None:
        if receipt is None:
            raise ValueError("a change of a job has no receipt")
        self.results.change_overlay(self.tenant, receipt, overlay_changes)

    def new_number(self) -> int:
        # The numbers of resources begin with 1.
        return -self.step
