"""The BulkResponse of a job, page by page (RFC 7644 section 3.7.3)."""

from collections.abc import Mapping

from scim.errors import Unavailable
from scim.resource.job import Job
from scim.service.bulk.request import Operation
from scim.service.bulk.response import BULK_RESPONSE_URN
from scim.service.jobs.context import Bench
from scim.service.jobs.ports import Result
from scim.service.jobs.result import content_of, entry_of, is_error, outcome_of


def response(bench: Bench, job: Job, start_index: int, count: int) -> dict[str, object]:
    """Return the results of `count` operations from the one at `start_index` (1 is the first).

    Those without a result, not done yet or never begun, are left out. A page that is not the
    whole says which part it is, in the members that lists have.
    """
    first = max(start_index, 1) - 1
    end = min(first + count, job.operations)
    known = bench.office.results.between(job.tenant, job.id, 2 * first, 2 * end)
    shown = [
        entry_of(result)
        for position in range(first, end)
        if (result := _result(job, position, known)) is not None
    ]
    whole: dict[str, object] = {"schemas": [BULK_RESPONSE_URN], "Operations": shown}
    if (first, end) != (0, job.operations):
        whole |= {
            "totalResults": job.operations,
            "startIndex": first + 1,
            "itemsPerPage": max(end - first, 0),
        }
    return whole


def _result(job: Job, position: int, known: Mapping[int, Result]) -> Result | None:
    """Return the operation's result: that of its link where there is one."""
    made, linked = known.get(2 * position), known.get(2 * position + 1)
    if linked is not None or made is None:
        return linked
    if job.is_open or is_error(made) or "unlinked" not in made:
        return made
    # The job ended between the two: the client must learn that the links are missing.
    stopped = Unavailable("Processing stopped before it could be completed.")
    operation = Operation(position, None, bulk_id=None)
    incomplete = content_of(outcome_of(operation, made).without_links(stopped))
    return {**made, **incomplete}
