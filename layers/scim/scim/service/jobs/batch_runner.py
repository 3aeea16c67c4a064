"""The creations of a batch, gathered and stored together; other steps run one by one.

The results are the same as one by one: a creation is stored with its result or not at all, a refused one gets
a reason of its own, and a later step of the row finds the earlier creations stored.
"""

from typing import Final

from scim.resource.change import Creation
from scim.resource.job import Job, JobKind
from scim.resource.record import FIRST_VERSION, Stale
from scim.schema.resource_type import ResourceType
from scim.service.bulk.request import Method
from scim.service.jobs.batches import Task
from scim.service.jobs.context import JobContext
from scim.service.jobs.gathering import Gathering
from scim.service.jobs.ports import Result
from scim.service.jobs.step import TEMPORARY, step_result
from scim.service.jobs.step_writes import RefusedCreation
from scim.service.transfer.references import References

MOST_ITEMS: Final = 99
"""The most items of the creations gathered: with their counter they fit one transaction."""


class BatchRunner:
    """Runs the steps of a batch and adds their results to `results`; `lane` is the batch's number.

    `writes` counts the writes to the store: one for creations stored together, one for any other step.
    """

    def __init__(
        self, job_context: JobContext, job: Job, lane: int, results: dict[int, Result]
    ) -> None:
        self._job_context, self._job, self._lane = job_context, job, lane
        self._results = results
        self.writes = 0
        self._waiting: list[tuple[Task, Creation]] = []
        self._items = 0
        self._gathering = Gathering(job_context, job)
        self._references: dict[str, References] = {}

    def do(self, task: Task) -> None:
        """Run a step, or gather it with others. Raises what `step_result` raises."""
        if self._may_wait(task):
            creation_or_result = self._gathering.of(task, self._results)
            if isinstance(creation_or_result, Creation):
                self._wait(task, creation_or_result)
                return
            if creation_or_result is not None:
                self._results[task.number] = creation_or_result
                return
        # Steps before it in a row must be stored before it.
        self.end()
        self._do_alone(task)

    def end(self) -> None:
        """Store the gathered creations. Raises what `step_result` raises."""
        waiting, self._waiting, self._items = self._waiting, [], 0
        creations = self._job_context.creations
        if not waiting or creations is None:
            return
        self.writes += 1
        refusals = creations.create_many(
            self._job.tenant, [creation for _, creation in waiting], self._lane
        )
        for (task, creation), error in zip(waiting, refusals, strict=True):
            if error is None and creation.receipt is not None:
                result = {"version": FIRST_VERSION, **creation.receipt.content}
                self._results[task.number] = result
            elif error is None or isinstance(error, (*TEMPORARY, Stale)):
                # If the outcome is unknown, the receipt tells it when the step runs alone.
                self._do_alone(task)
            else:
                self._do_alone(task, RefusedCreation(creation, error))

    def _wait(self, task: Task, creation: Creation) -> None:
        """Gather a creation; store the earlier ones first if it does not fit beside them."""
        # The resource, its indexed values and its result.
        items = 2 + len(creation.entries)
        if self._items + items > MOST_ITEMS:
            self.end()
        self._waiting.append((task, creation))
        self._items += items

    def _do_alone(self, task: Task, refused: RefusedCreation | None = None) -> None:
        self.writes += 1
        result = step_result(self._job_context, self._job, task, self._results, refused)
        if result is not None:
            self._results[task.number] = result

    def _may_wait(self, task: Task) -> bool:
        """Tell whether a step is a creation that refers to nothing, in a job that errors do not end."""
        job, operation = self._job, task.step.operation
        is_plain = job.kind in {JobKind.BULK, JobKind.IMPORT} and not job.is_dry
        # An error that ends the job must leave everything after it untouched.
        if self._job_context.creations is None or not is_plain or job.fail_on_errors:
            return False
        if operation.method is not Method.POST or task.step.is_link or task.needs:
            return False
        resource_type = self._job_context.deployment.catalogue.by_endpoint(operation.segment)
        if resource_type is None or resource_type.edges_of is not None:
            return False
        return not self._references_of(resource_type).names_in(operation.data)

    def _references_of(self, resource_type: ResourceType) -> References:
        references = self._references.get(resource_type.name)
        if references is None:
            references = References.of(resource_type, self._job_context.deployment.catalogue)
            self._references[resource_type.name] = references
        return references
