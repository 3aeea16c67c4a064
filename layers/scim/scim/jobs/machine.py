"""The handler of the state machine's tasks: which state asks for what."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger

from scim.service.job.batch import Batch
from scim.service.job.bench import Bench
from scim.service.job.work import do_batch, do_step, fail, finish, give_up, plan

LAST_START = 10.0
"""Seconds before Lambda stops the function after which no step of a batch is begun any more."""

Handler = Callable[[Mapping[str, Any], Any], dict[str, object]]

logger = Logger()


def machine(bench: Bench) -> Handler:
    """Return the Lambda handler; what goes wrong is raised: the machine knows what to do then."""

    def handler(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        answer: dict[str, object] = {}
        match event:
            case {"do": "plan", "tenant": str(tenant), "job": str(job)}:
                answer = plan(bench, tenant, job)
            case {"do": "batch", "batch": batch}:
                do_batch(bench, Batch.of_json(batch), lambda: _is_late(context))
            case {"do": "step", "batch": batch, "step": int(step)}:
                do_step(bench, Batch.of_json(batch), step)
            case {"do": "give_up", "batch": batch, "step": int(step)}:
                logger.error("operation given up", extra={"job": batch["job"], "step": step})
                give_up(bench, Batch.of_json(batch), step)
            case {"do": "finish", "tenant": str(tenant), "job": str(job)}:
                answer = {"isComplete": finish(bench, tenant, job)}
            case {"do": "fail", "tenant": str(tenant), "job": str(job)}:
                logger.error("job failed", extra={"tenant": tenant, "job": job})
                fail(bench, tenant, job)
            case _:
                raise ValueError("the state machine asks for what no step does")
        return answer

    return handler


def _is_late(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() < LAST_START * 1000)
