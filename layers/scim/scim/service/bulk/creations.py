"""The creations of a wave, stored together: several in one transaction, each answered as if it came alone.

A creation that also writes items of others, such as edges or references, is stored at once like any other step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeVar

from scim.errors import ScimError
from scim.resource.change import Creation
from scim.resource.record import FIRST_VERSION, Stale
from scim.service.bulk.perform import BulkScope, new_resource_of, outcome_of_created, refused
from scim.service.bulk.plan import Step
from scim.service.bulk.response import Outcome
from scim.service.ports import Creations
from scim.service.resources.create import NewResource

UnexpectedFailure = Callable[[Step], Outcome]
"""Returns the outcome of a step that raised the error being handled."""
_T = TypeVar("_T")


class _PendingCreation(NamedTuple):
    step: Step
    new_resource: NewResource
    creation: Creation


@dataclass(frozen=True, slots=True)
class CreationsTogether:
    """Stores the creations of one tenant's request together; `unexpected_failure` hides the cause of an unexpected error."""

    bulk_scope: BulkScope
    creations: Creations
    tenant: str
    unexpected_failure: UnexpectedFailure

    def __call__(self, steps: Sequence[Step], ids: Mapping[str, str]) -> list[Outcome]:
        """Return the outcomes of the steps, in any order: each is a POST of a stored resource and not a link."""
        outcomes: list[Outcome] = []
        pending: list[_PendingCreation] = []
        for step in steps:
            creation_or_outcome = self._or_failure(
                step, ids, partial(_begun, self.bulk_scope, step, ids)
            )
            if isinstance(creation_or_outcome, Outcome):
                outcomes.append(creation_or_outcome)
            else:
                pending.append(creation_or_outcome)
        for pending_creation, refusal in zip(pending, self._refusals(pending), strict=True):
            end = partial(_ended, pending_creation, refusal)
            outcomes.append(self._or_failure(pending_creation.step, ids, end))
        return outcomes

    def _refusals(self, pending: Sequence[_PendingCreation]) -> Sequence[Exception | None]:
        if not pending:
            return ()
        try:
            return self.creations.create_many(
                self.tenant, [pending_creation.creation for pending_creation in pending]
            )
        except Exception as error:  # noqa: BLE001 - it is logged
            return [error for _ in pending]

    def _or_failure(
        self, step: Step, ids: Mapping[str, str], act: Callable[[], _T]
    ) -> _T | Outcome:
        try:
            return act()
        except ScimError as error:
            return refused(self.bulk_scope, step, ids, error)
        except Exception:  # noqa: BLE001 - it is logged
            return self.unexpected_failure(step)


def _begun(bulk_scope: BulkScope, step: Step, ids: Mapping[str, str]) -> _PendingCreation | Outcome:
    new_resource = new_resource_of(bulk_scope, step, ids)
    try:
        creation = new_resource.creation()
    except Stale:
        return outcome_of_created(step, new_resource.stored())
    if creation.touches_others:
        return outcome_of_created(step, new_resource.stored(creation))
    return _PendingCreation(step, new_resource, creation)


def _ended(pending_creation: _PendingCreation, refusal: Exception | None) -> Outcome:
    step, new_resource, creation = pending_creation
    if refusal is None:
        return outcome_of_created(step, new_resource.answer(creation, FIRST_VERSION))
    new_resource.prepare_retry(refusal)
    return outcome_of_created(step, new_resource.stored())
