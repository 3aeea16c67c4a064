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
from scim.service.bulk.perform import BulkScope, new_resource_of, outcome_of_created
from scim.service.bulk.plan import Step
from scim.service.bulk.response import Outcome, failed
from scim.service.ports import Creations
from scim.service.resources.create import NewResource

Poisoned = Callable[[Step], Outcome]
"""Returns the outcome of a step that raised the error being handled."""
_T = TypeVar("_T")


class _Begun(NamedTuple):
    step: Step
    new: NewResource
    creation: Creation


@dataclass(frozen=True, slots=True)
class CreationsTogether:
    """Stores the creations of one tenant's request together; `poisoned` hides the cause of an unexpected error."""

    bulk_scope: BulkScope
    creations: Creations
    tenant: str
    poisoned: Poisoned

    def __call__(self, steps: Sequence[Step], ids: Mapping[str, str]) -> list[Outcome]:
        """Return the outcomes of the steps, in any order: each is a POST of a stored resource and not a link."""
        outcomes: list[Outcome] = []
        waiting: list[_Begun] = []
        for step in steps:
            begun_or_outcome = self._or_failure(step, partial(_begun, self.bulk_scope, step, ids))
            if isinstance(begun_or_outcome, Outcome):
                outcomes.append(begun_or_outcome)
            else:
                waiting.append(begun_or_outcome)
        for each, refusal in zip(waiting, self._refusals(waiting), strict=True):
            outcomes.append(self._or_failure(each.step, partial(_ended, each, refusal)))
        return outcomes

    def _refusals(self, waiting: Sequence[_Begun]) -> Sequence[Exception | None]:
        if not waiting:
            return ()
        try:
            return self.creations.create_many(self.tenant, [each.creation for each in waiting])
        except Exception as error:  # noqa: BLE001 - it is logged
            return [error for _ in waiting]

    def _or_failure(self, step: Step, act: Callable[[], _T]) -> _T | Outcome:
        try:
            return act()
        except ScimError as error:
            return failed(step.operation, error)
        except Exception:  # noqa: BLE001 - it is logged
            return self.poisoned(step)


def _begun(bulk_scope: BulkScope, step: Step, ids: Mapping[str, str]) -> _Begun | Outcome:
    new = new_resource_of(bulk_scope, step, ids)
    try:
        creation = new.creation()
    except Stale:
        return outcome_of_created(step, new.stored())
    if creation.touches_others:
        return outcome_of_created(step, new.stored(creation))
    return _Begun(step, new, creation)


def _ended(waiting: _Begun, refusal: Exception | None) -> Outcome:
    step, new, creation = waiting
    if refusal is None:
        return outcome_of_created(step, new.answer(creation, FIRST_VERSION))
    new.prepare_retry(refusal)
    return outcome_of_created(step, new.stored())
