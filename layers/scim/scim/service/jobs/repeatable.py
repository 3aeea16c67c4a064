"""A bulk request that can be sent again: each of its steps is performed once, as in a job."""

from collections.abc import Mapping
from dataclasses import replace

from scim.resource.change import AlreadyMade, Change, Receipt
from scim.schema.resource_type import ResourceType
from scim.service.bulk.perform import BulkScope, performed
from scim.service.bulk.plan import Step
from scim.service.bulk.response import Outcome
from scim.service.endpoint import Endpoint
from scim.service.jobs.batches import number_of
from scim.service.jobs.ports import Results
from scim.service.jobs.receipts import outcome_of_change
from scim.service.jobs.results import content_of, outcome_of
from scim.service.jobs.step_writes import RecordedWrites


class RepeatableSteps:
    """Performs the steps of a tenant's request in `bulk_scope`, except those that have a receipt.

    `receipts` gives the id under which receipts are stored, like that of a job, and when they expire.
    """

    def __init__(
        self,
        results: Results,
        tenant: str,
        receipts: Receipt,
        bulk_scope: BulkScope,
        operations: int,
    ) -> None:
        self._results, self._tenant, self._receipts = results, tenant, receipts
        self._bulk_scope = bulk_scope
        self._earlier_results = results.between(tenant, receipts.job, 0, 2 * operations)

    def __call__(self, step: Step, ids: Mapping[str, str], before: Outcome | None) -> Outcome:
        """Return the outcome of the step, performed now or before."""
        number = number_of(step)
        if number in self._earlier_results:
            return outcome_of(step.operation, self._earlier_results[number])

        def recorded(resource_type: ResourceType) -> Endpoint:
            endpoint = self._bulk_scope.endpoint(resource_type)

            def issue(change: Change) -> Receipt:
                content = content_of(outcome_of_change(endpoint, step, before, change))
                return replace(self._receipts, step=number, content=content)

            return replace(endpoint, writes=RecordedWrites(endpoint.writes, issue))

        try:
            return performed(replace(self._bulk_scope, endpoint=recorded), step, ids, before)
        except AlreadyMade:
            # The earlier attempt, thought dead, was only slow.
            results = self._results.of(self._tenant, self._receipts.job, [number])
            return outcome_of(step.operation, results[number])
