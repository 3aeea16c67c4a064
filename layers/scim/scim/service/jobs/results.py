"""The stored result of a step, and the BulkResponse made of results (RFC 7644 section 3.7.3)."""

from collections.abc import Mapping
from typing import Final

from scim.compact import element_bytes
from scim.errors import Unavailable
from scim.resource.job import Job
from scim.schema.message_uri import BULK_RESPONSE_URN
from scim.service.bulk.request import BulkOperation
from scim.service.bulk.response import Outcome
from scim.service.jobs.context import JobContext
from scim.service.jobs.ports import Result
from scim.service.messages import etag_of

CREATE, UPDATE, DELETE = "create", "update", "delete"
UNCHANGED, ERROR = "unchanged", "error"
_SHOWN = (
    "location",
    "method",
    "bulkId",
    "version",
    "status",
    "response",
    "line",
    "effect",
    "warning",
)
"""The members of an entry, in the order in which an outcome shows them; only an operation from a
file has the last three."""
DRY_CREATION: Final = "imagined"
"""Marks the creations of a dry run."""
_OF_THE_MADE = {"location", "version"}


def content_of(outcome: Outcome) -> dict[str, object]:
    """Return what is stored of an outcome; a version given by the store is added to it."""
    content = outcome.json()
    if outcome.id is not None:
        content["id"] = outcome.id
    if outcome.is_unlinked:
        content["unlinked"] = True
    if outcome.operation.line is not None:
        content["line"] = outcome.operation.line
        content["effect"] = UNCHANGED if outcome.error is None else ERROR
    return content


def entry_of(content: Mapping[str, object]) -> dict[str, object]:
    """Return the operation's entry in a BulkResponse."""
    members = {**content, "version": _etag(content)}
    omitted = _OF_THE_MADE if DRY_CREATION in content else set()
    return {
        name: members[name]
        for name in _SHOWN
        if members.get(name) is not None and name not in omitted
    }


def outcome_of(operation: BulkOperation, content: Mapping[str, object]) -> Outcome:
    """Return the outcome of an operation that succeeded, from its stored result."""
    return Outcome(
        operation,
        int(str(content["status"])),
        location=str(content["location"]),
        version=_etag(content),
        id=str(content["id"]) if "id" in content else None,
        is_unlinked="unlinked" in content,
    )


def is_error(content: Mapping[str, object]) -> bool:
    """Tell whether the step was refused."""
    return "response" in content


def _etag(content: Mapping[str, object]) -> str | None:
    match content.get("version"):
        case int(version):
            return etag_of(version)
        case str(etag):
            return etag
        case _:
            return None


def response(job_context: JobContext, job: Job, start_index: int, count: int) -> dict[str, object]:
    """Return the results of up to `count` operations from `start_index` (1 is the first).

    They are fewer where more would not fit a response. Operations without a result, not done yet or never begun,
    are omitted. A page that is not the whole says which part it is, in the members of a list response.
    """
    first = max(start_index, 1) - 1
    end = min(first + count, job.operations)
    results = job_context.backend.results.between(job.tenant, job.id, 2 * first, 2 * end)
    room = job_context.deployment.bounds.content_bytes
    entries: list[dict[str, object]] = []
    for position in range(first, end):
        result = _result(job, position, results)
        if result is None:
            continue
        entry = entry_of(result)
        room -= element_bytes(entry)
        if room < 0 and entries:
            end = position
            break
        entries.append(entry)
    message: dict[str, object] = {"schemas": [BULK_RESPONSE_URN], "Operations": entries}
    if (first, end) != (0, job.operations):
        message |= {
            "totalResults": job.operations,
            "startIndex": first + 1,
            "itemsPerPage": max(end - first, 0),
        }
    return message


def _result(job: Job, position: int, results: Mapping[int, Result]) -> Result | None:
    """Return the operation's result: that of its link if there is one."""
    created, linked = results.get(2 * position), results.get(2 * position + 1)
    if linked is not None or created is None:
        return linked
    if job.is_open or is_error(created) or "unlinked" not in created:
        return created
    # The job ended between the two steps: the client must learn that the links are missing.
    stopped = Unavailable("Processing stopped before it could be completed.")
    operation = BulkOperation(position, None, bulk_id=None)
    incomplete = content_of(outcome_of(operation, created).without_links(stopped))
    return {**created, **incomplete}
