"""The creations of a batch's steps, prepared by the usual use cases but not stored yet."""

from collections.abc import Mapping
from functools import cache

from scim.immutable import renewed
from scim.resource.change import Creation
from scim.resource.job import Job
from scim.schema.resource_type import ResourceType
from scim.service.bulk.perform import BulkScope
from scim.service.bulk.permission import allowing
from scim.service.endpoint import Endpoint
from scim.service.jobs.batches import Task
from scim.service.jobs.context import JobContext
from scim.service.jobs.ports import Result
from scim.service.jobs.receipts import receipt_of
from scim.service.jobs.results import content_of
from scim.service.jobs.step import creation_policy_of, outcome_in, store_result
from scim.service.jobs.step_writes import Alone, Gathered, GatheringWrites


class Gathering:
    """Prepares creations; what all steps of a batch share is computed once."""

    def __init__(self, job_context: JobContext, job: Job) -> None:
        self._job_context, self._job = job_context, job
        self._endpoints: dict[str, Endpoint] = {}
        self._bulk_scope: BulkScope | None = None

    def of(self, task: Task, results: Mapping[int, Result]) -> Creation | Result | None:
        """Return the step's creation with its receipt, or its result when it is refused.

        The step refers to no other resource. None means that the step must run alone. Raises what
        `step_result` raises.
        """
        if self._bulk_scope is None:
            self._bulk_scope = self._made_scope(task.key)
        try:
            outcome = outcome_in(self._bulk_scope, task, results)
        except Gathered as gathered:
            creation = gathered.creation
            endpoint = self._endpoints[creation.key.type]
            receipt = receipt_of(endpoint, self._job, task, None, None, creation)
            return renewed(creation, receipt=receipt)
        except Alone:
            return None
        return store_result(self._job_context, self._job, task, content_of(outcome))

    def _made_scope(self, key: str) -> BulkScope:
        """Return what the steps can use; all of a job have the same key."""
        return BulkScope(
            self._job_context.deployment.catalogue,
            self._endpoint,
            cache(allowing(self._job.scopes)),
            frozenset(),
            creation_policy_of(self._job, key),
        )

    def _endpoint(self, resource_type: ResourceType) -> Endpoint:
        """Return the endpoint for one step, with a budget of its own."""
        endpoint = self._endpoints.get(resource_type.name)
        if endpoint is None:
            endpoint = self._job_context.endpoint(
                self._job, resource_type, writes=GatheringWrites()
            )
            self._endpoints[resource_type.name] = endpoint
        return renewed(endpoint, budget=endpoint.bounds.budget())
