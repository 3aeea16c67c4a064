"""The states of the state machine: plan, lay out a window, do a batch, do one step, give it up,
write an export, finish, fail.

Each can be repeated at any time, even while another worker is in the same state: a step with a
result is not done again, and a result is stored with its effect or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from scim.errors import Conflict, ScimError
from scim.resource.job import Job, JobKind, Status
from scim.service.jobs.answers import tell_answers
from scim.service.jobs.batch_runner import BatchRunner
from scim.service.jobs.batches import Batch, Task, steps_file, tasks_in
from scim.service.jobs.context import JobContext
from scim.service.jobs.export import Unfinished
from scim.service.jobs.open_job import end, open_job
from scim.service.jobs.ports import Result
from scim.service.jobs.results import is_error
from scim.service.jobs.step import TEMPORARY, given_up, step_result
from scim.service.jobs.undo import NOT_CAUGHT_UP, LogBehind, write_down
from scim.service.jobs.windows import lay_out, survey_of

WRITES_PER_CHECK = 25
"""Writes of a batch before it checks again whether the job may continue: about a second."""
SPREAD = 4
"""Results are read as one range if at least one in SPREAD of its numbers is needed, else singly."""

NOT_CONTINUED = "The job could not go on. Start it again to go on."
"""The reason of a failed job if none is known that its client could remove."""

State = dict[str, object]
"""The input of the machine's next state."""


def plan(job_context: JobContext, tenant: str, id_: str) -> State:
    """Read the job's file; no windows if the job is cancelled or the file as a whole is unreadable."""
    job = job_context.backend.jobs.find(tenant, id_)
    windows, is_export = 0, False
    if job is not None and _is_running(job_context, job):
        is_export = job.kind is JobKind.EXPORT
        windows = _counted(job_context, job) if is_export else _surveyed(job_context, job)
    return {
        "tenant": tenant,
        "job": id_,
        "isExport": is_export,
        "window": 0,
        "windows": windows,
        "layer": 0,
        "layers": 0,
        "concurrency": job_context.concurrency,
    }


def lay_out_next(job_context: JobContext, state: Mapping[str, object]) -> State:
    """Lay out the next window; the machine then runs its layers."""
    tenant, id_, window = str(state["tenant"]), str(state["job"]), int(str(state["window"]))
    job = open_job(job_context, tenant, id_)
    layers = range(0)
    if job is not None and not job.is_stopped_by_errors:
        try:
            layers = lay_out(job_context, job, window)
        except Conflict as error:
            end(job_context, tenant, id_, Status.FAILED, error.detail)
    return {**state, "window": window + 1, "layer": layers.start, "layers": layers.stop}


def do_batch(
    job_context: JobContext, batch: Batch, is_late: Callable[[], bool], fresh_job: Job | None = None
) -> None:
    """Do the rest of a batch and close it; `fresh_job` is its job if just read. Raises Unfinished."""
    job = open_job(job_context, batch.tenant, batch.job, fresh_job)
    if job is None:
        return
    tasks = _tasks(job_context, batch)
    results = _results(job_context, job, tasks)
    remaining = [task for task in tasks if task.number not in results]
    place = batch.layer, batch.batch
    if not remaining and job_context.backend.jobs.is_closed(batch.tenant, batch.job, *place):
        return
    runner = BatchRunner(job_context, job, batch.batch, results)
    writes_at_check = 0
    for task in remaining:
        if _is_stopped(job, tasks, results):
            break
        if is_late():
            runner.end()
            raise Unfinished
        if runner.writes - writes_at_check >= WRITES_PER_CHECK:
            writes_at_check = runner.writes
            if open_job(job_context, job.tenant, job.id) is None:
                return
        runner.do(task)
    runner.end()
    tell_answers(job_context, job, tasks, results)
    counts = _counts(tasks, results)
    job_context.backend.jobs.close(job, place, counts, job_context.deployment.clock.now())


def do_step(job_context: JobContext, batch: Batch, number: int) -> None:
    """Do one step of a batch."""
    _alone(job_context, batch, number, step_result)


def give_up(job_context: JobContext, batch: Batch, number: int) -> None:
    """Store for one step of a batch the result that it could not be done."""
    _alone(job_context, batch, number, given_up)


def finish(job_context: JobContext, tenant: str, id_: str, execution: str = "") -> bool:
    """Complete the job if it is done, and clear files it no longer needs. Return False if it fails instead.

    An `execution` that is not the job's current run changes nothing.
    """
    job = job_context.backend.jobs.find(tenant, id_)
    if job is not None and not job.is_run_by(execution):
        return True
    if job is not None and job.is_open:
        is_left = job.done < job.operations and not job.is_stopped_by_errors
        if is_left or job.kind is JobKind.EXPORT:
            fail(job_context, tenant, id_, execution)
            return False
        end(job_context, tenant, id_, Status.COMPLETED, execution=execution)
    _clear_unneeded(job_context, tenant, id_)
    return True


def fail(
    job_context: JobContext, tenant: str, id_: str, execution: str = "", error: str = ""
) -> None:
    """Set the job to failed, with the reason, unless it was cancelled; a failed one can be started again."""
    job = job_context.backend.jobs.find(tenant, id_)
    if job is None:
        return
    end(job_context, tenant, id_, Status.FAILED, error or job.error or NOT_CONTINUED, execution)
    _clear_unneeded(job_context, tenant, id_)


def _clear_unneeded(job_context: JobContext, tenant: str, id_: str) -> None:
    """Delete the job's files if nobody needs them: a failed job can be started again, and an export downloaded."""
    job = job_context.backend.jobs.find(tenant, id_)
    is_downloaded = job is not None and job.kind is JobKind.EXPORT
    unneeded = {Status.CANCELLED} if is_downloaded else {Status.CANCELLED, Status.COMPLETED}
    if job is None or job.status in unneeded:
        job_context.backend.payloads.clear(tenant, id_)


def _is_running(job_context: JobContext, job: Job) -> bool:
    """Set a pending or failed job to running; tell whether it is running now."""
    if reason := job_context.backend.credentials.refusal(job):
        end(job_context, job.tenant, job.id, Status.FAILED, reason)
        return False
    if job.status in {Status.PENDING, Status.FAILED}:
        return job_context.backend.jobs.turn(
            job, Status.RUNNING, job_context.deployment.clock.now()
        )
    return job.status is Status.RUNNING


def _surveyed(job_context: JobContext, job: Job) -> int:
    """Return the number of windows of the job's file; the job fails when the file is unreadable."""
    try:
        if job.kind is JobKind.UNDO:
            write_down(job_context, job)
        survey = survey_of(job_context, job)
    except LogBehind:
        _say(job_context, job, NOT_CAUGHT_UP)
        raise
    except TEMPORARY:
        raise
    except ScimError as error:
        end(job_context, job.tenant, job.id, Status.FAILED, error.detail)
        return 0
    if job.error:
        _say(job_context, job, "")
    limit = job.fail_on_errors or survey.fail_on_errors or 0
    if (job.operations, job.fail_on_errors) != (survey.operations, limit):
        running = replace(job, status=Status.RUNNING)
        job_context.backend.jobs.size(
            running, survey.operations, limit, job_context.deployment.clock.now()
        )
    return survey.windows


def _say(job_context: JobContext, job: Job, why: str) -> None:
    """Store why a running job does not continue yet."""
    running = replace(job, status=Status.RUNNING)
    job_context.backend.jobs.turn(running, Status.RUNNING, job_context.deployment.clock.now(), why)


def _counted(job_context: JobContext, job: Job) -> int:
    """Store the number of resources to export; return 0, for no windows."""
    # A caller that sees only some resources must not learn their total.
    types = () if job.filters else job.types
    total = sum(job_context.deployment.directory.count(job.tenant, name) for name in types)
    running = replace(job, status=Status.RUNNING)
    job_context.backend.jobs.size(running, total, 0, job_context.deployment.clock.now())
    return 0


def _alone(
    job_context: JobContext,
    batch: Batch,
    number: int,
    act: Callable[[JobContext, Job, Task, dict[int, Result]], Result | None],
) -> None:
    job = open_job(job_context, batch.tenant, batch.job)
    if job is None:
        return
    tasks = _tasks(job_context, batch)
    results = _results(job_context, job, tasks)
    task = next(task for task in tasks if task.number == number)
    if number not in results and not _is_stopped(job, tasks, results):
        act(job_context, job, task, results)


def _tasks(job_context: JobContext, batch: Batch) -> list[Task]:
    name = steps_file(batch.layer)
    stretch = batch.start, batch.length
    return tasks_in(
        job_context.backend.payloads.read_range(batch.tenant, batch.job, name, *stretch)
    )


def _results(job_context: JobContext, job: Job, tasks: Sequence[Task]) -> dict[int, Result]:
    """Return the known results of the steps and of all steps that they need."""
    own_numbers = {
        number for task in tasks for number in (task.number, task.number - task.step.is_link)
    }
    needed = {number for task in tasks for number in task.needs.values()} - own_numbers
    return _existing_results(job_context, job, own_numbers) | _existing_results(
        job_context, job, needed
    )


def _existing_results(job_context: JobContext, job: Job, numbers: set[int]) -> dict[int, Result]:
    """Return the results of those steps that have one; neighbours are read as one range."""
    if not numbers:
        return {}
    results, first, last = job_context.backend.results, min(numbers), max(numbers)
    if last + 1 - first > SPREAD * len(numbers):
        return dict(results.of(job.tenant, job.id, sorted(numbers)))
    results_in_range = results.between(job.tenant, job.id, first, last + 1)
    return {number: result for number, result in results_in_range.items() if number in numbers}


def _is_stopped(job: Job, tasks: Sequence[Task], results: dict[int, Result]) -> bool:
    """Tell whether too many operations failed to begin another.

    With failOnErrors all steps are in one row: the job's count is that of all earlier batches,
    and the batch's own results are those before this step.
    """
    if not job.fail_on_errors:
        return False
    return job.errors + _counts(tasks, results)[1] >= job.fail_on_errors


def _counts(tasks: Sequence[Task], results: dict[int, Result]) -> tuple[int, int]:
    """Return the number of operations done, and the number of their steps that were refused."""
    done_tasks = [task for task in tasks if task.number in results]
    errors = sum(is_error(results[task.number]) for task in done_tasks)
    return sum(not task.step.is_link for task in done_tasks), errors
