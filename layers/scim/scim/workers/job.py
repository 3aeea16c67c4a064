"""The handler of the state machine's tasks: it performs what each state asks for."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger

from scim.log import cause_of
from scim.resource.job import Job
from scim.schema.loading import TenantCatalogueOf, tenant_catalogues
from scim.service.jobs.batches import Batch
from scim.service.jobs.context import JobContext
from scim.service.jobs.export import Unfinished, export
from scim.service.jobs.states import (
    NOT_CONTINUED,
    do_batch,
    do_step,
    fail,
    finish,
    give_up,
    lay_out_next,
    plan,
)
from scim.service.jobs.step import TEMPORARY
from scim.service.jobs.undo import LogBehind

LAST_START = 10.0
"""Within this many seconds before Lambda's timeout, no further step of a batch is begun."""

_ENDS = frozenset({"finish", "fail", None})
"""The values of `do` that end a job; None is an event about the execution itself."""

_ENDED = {
    "TIMED_OUT": "The job took too long and was ended.",
    "ABORTED": "The job was stopped from outside.",
}

NOTHING_DONE = "the state machine asks for what no step does"

Handler = Callable[[Mapping[str, Any], Any], dict[str, object]]

logger = Logger()


def machine(shared: JobContext, tenant_catalogue: TenantCatalogueOf | None = None) -> Handler:
    """Return the Lambda handler. It raises errors, and the state machine handles them.

    `shared` is the context for all jobs; a job runs with the profile and definitions of its caller.
    """
    context_of = partial(_context_of, shared, tenant_catalogue or tenant_catalogues())

    def handler(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        answer: dict[str, object] = {}
        if event.get("do") in _ENDS:
            return _end(shared, event)
        job_context, job = context_of(event)
        match event:
            case {"do": "plan", "tenant": str(tenant), "job": str(id_)}:
                answer = plan(job_context, tenant, id_)
            case {"do": "lay_out", "state": state}:
                answer = lay_out_next(job_context, state)
            case {"do": "export", "tenant": str(tenant), "job": str(id_)}:
                export(job_context, tenant, id_, lambda: _is_late(context))
            case {"do": "batch", "batch": batch}:
                do_batch(job_context, Batch.of_json(batch), lambda: _is_late(context), job)
            case {"do": "step", "batch": batch, "step": int(step)}:
                do_step(job_context, Batch.of_json(batch), step)
            case {"do": "give_up", "batch": batch, "step": int(step)}:
                step_name = {"tenant": batch["tenant"], "job": batch["job"], "step": step}
                logger.error("operation given up", extra=step_name)
                give_up(job_context, Batch.of_json(batch), step)
            case _:
                raise ValueError(NOTHING_DONE)
        return answer

    return _logged(handler)


def _logged(handler: Handler) -> Handler:
    """Return the handler, which writes to the log why a step was not done."""

    def logging(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        members = _members_in(event)
        step = {"do": event.get("do"), "tenant": members.get("tenant"), "job": members.get("job")}
        try:
            return handler(event, context)
        except (Unfinished, LogBehind):
            raise
        except TEMPORARY as error:
            why = {"why": error.detail, "cause": cause_of(error)}
            logger.warning("step postponed", extra={**step, **why})
            raise
        except Exception:
            logger.exception("step failed", extra=step)
            raise

    return logging


def _end(shared: JobContext, event: Mapping[str, Any]) -> dict[str, object]:
    """End a job, without loading its tenant's definitions: they must not keep a job from ending."""
    execution = str(event.get("execution", ""))
    match event:
        case {"do": "finish", "tenant": str(tenant), "job": str(job)}:
            return {"isComplete": finish(shared, tenant, job, execution)}
        case {"do": "fail", "tenant": str(tenant), "job": str(job)}:
            logger.error("job failed", extra={"tenant": tenant, "job": job})
            fail(shared, tenant, job, execution)
        case {"source": "aws.states", "detail": {"name": str(name), "status": str(status)}}:
            # Step Functions Execution Status Change: the execution ended before its last state.
            state_input = json.loads(event["detail"].get("input") or "{}")
            job_name = {
                "tenant": str(state_input.get("tenant")),
                "job": str(state_input.get("job")),
            }
            logger.error("execution ended", extra={**job_name, "execution": name, "status": status})
            error = (
                f"{_ENDED[status]} Start it again to go on." if status in _ENDED else NOT_CONTINUED
            )
            fail(shared, job_name["tenant"], job_name["job"], name, error)
        case _:
            raise ValueError(NOTHING_DONE)
    return {}


def _context_of(
    shared: JobContext, tenant_catalogue: TenantCatalogueOf, event: Mapping[str, Any]
) -> tuple[JobContext, Job | None]:
    """Return the context for the job that the event names, and the job; for a deleted job the shared context."""
    members = _members_in(event)
    job = shared.backend.jobs.find(str(members.get("tenant")), str(members.get("job")))
    if job is None:
        return shared, None
    profile_and_catalogue = tenant_catalogue(job.tenant, job.profile, job.definitions)
    return shared.for_profile(*profile_and_catalogue), job


def _members_in(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the part of an event that names tenant and job."""
    members: Mapping[str, Any] = event.get("state") or event.get("batch") or event
    return members


def _is_late(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() < LAST_START * 1000)
