"""What the states of the machine do: plan, lay out a window, do a batch, do one step, give it up,
write an export, finish, fail.

Each can be repeated at any moment, also while another worker is at the same: what has a
result is left alone, and a result comes with its effect or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from scim.errors import ScimError
from scim.resource.job import Job, Kind, Status
from scim.service.jobs.batches import Batch, Task, steps_file, tasks_in
from scim.service.jobs.context import Bench
from scim.service.jobs.export import Unfinished
from scim.service.jobs.ports import Result
from scim.service.jobs.results import is_error
from scim.service.jobs.step import PASSING, done, given_up
from scim.service.jobs.windows import lay_out, survey_of

State = dict[str, object]
"""What the machine goes by."""


def plan(bench: Bench, tenant: str, id_: str) -> State:
    """Read the job's file; no windows when it is cancelled, or cannot be read as a whole."""
    job = bench.office.jobs.find(tenant, id_)
    windows, is_export = 0, False
    if job is not None and _is_running(bench, job):
        is_export = job.kind is Kind.EXPORT
        windows = _counted(bench, job) if is_export else _surveyed(bench, job)
    return {
        "tenant": tenant,
        "job": id_,
        "isExport": is_export,
        "window": 0,
        "windows": windows,
        "layer": 0,
        "layers": 0,
        "concurrency": bench.concurrency,
    }


def lay_out_next(bench: Bench, state: Mapping[str, object]) -> State:
    """Lay out the next window; the machine does its layers then."""
    tenant, id_, window = str(state["tenant"]), str(state["job"]), int(str(state["window"]))
    job = bench.office.jobs.find(tenant, id_)
    layers = range(0)
    if job is not None and job.is_open and not job.is_stopped_by_errors:
        layers = lay_out(bench, job, window)
    return {**state, "window": window + 1, "layer": layers.start, "layers": layers.stop}


def do_batch(bench: Bench, batch: Batch, is_late: Callable[[], bool]) -> None:
    """Do what is left of a batch and close it. Raises Unfinished."""
    job = bench.office.jobs.find(batch.tenant, batch.job)
    if job is None or not job.is_open:
        return
    if bench.office.jobs.is_closed(batch.tenant, batch.job, batch.layer, batch.batch):
        return
    tasks = _tasks(bench, batch)
    results = _results(bench, job, tasks)
    for task in tasks:
        if task.number in results:
            continue
        if _is_stopped(job, tasks, results):
            break
        if is_late():
            raise Unfinished
        result = done(bench, job, task, results)
        if result is not None:
            results[task.number] = result
    counts = _counts(tasks, results)
    bench.office.jobs.close(job, (batch.layer, batch.batch), counts, bench.clock.now())


def do_step(bench: Bench, batch: Batch, number: int) -> None:
    """Do one step of a batch."""
    _alone(bench, batch, number, done)


def give_up(bench: Bench, batch: Batch, number: int) -> None:
    """Give one step of a batch the result that it could not be done."""
    _alone(bench, batch, number, given_up)


def finish(bench: Bench, tenant: str, id_: str) -> bool:
    """Say that the job is done, if it is; what it was made of is not needed then. Tell whether."""
    job = bench.office.jobs.find(tenant, id_)
    if job is not None and job.is_open:
        is_left = job.done < job.operations and not job.is_stopped_by_errors
        if is_left or job.kind is Kind.EXPORT:
            fail(bench, tenant, id_)
            return False
        _turn(bench, tenant, id_, Status.COMPLETED)
    if job is None or job.kind is not Kind.EXPORT:
        bench.office.payloads.clear(tenant, id_)
    return True


def fail(bench: Bench, tenant: str, id_: str) -> None:
    """Say that the job could not be done; it can be taken up again."""
    _turn(bench, tenant, id_, Status.FAILED)


def _turn(bench: Bench, tenant: str, id_: str, status: Status, error: str = "") -> None:
    job = bench.office.jobs.find(tenant, id_)
    while job is not None and job.is_open:
        if bench.office.jobs.turn(job, status, bench.clock.now(), error):
            return
        job = bench.office.jobs.find(tenant, id_)


def _is_running(bench: Bench, job: Job) -> bool:
    """Turn a job that waits or has failed into one that runs; tell whether it runs now."""
    if job.status in {Status.PENDING, Status.FAILED}:
        return bench.office.jobs.turn(job, Status.RUNNING, bench.clock.now())
    return job.status is Status.RUNNING


def _surveyed(bench: Bench, job: Job) -> int:
    """Return the number of windows of the job's file; one that cannot be read is the job's end."""
    try:
        found = survey_of(bench, job)
    except PASSING:
        raise
    except ScimError as error:
        _turn(bench, job.tenant, job.id, Status.FAILED, error.detail)
        return 0
    limit = job.fail_on_errors or found.fail_on_errors or 0
    if (job.operations, job.fail_on_errors) != (found.operations, limit):
        running = replace(job, status=Status.RUNNING)
        bench.office.jobs.size(running, found.operations, limit, bench.clock.now())
    return found.windows


def _counted(bench: Bench, job: Job) -> int:
    """Say how many resources there are to export; return that there are no windows."""
    # How many there are is not for those who do not see all.
    types = () if job.filters else job.types
    total = sum(bench.directory.count(job.tenant, name) for name in types)
    running = replace(job, status=Status.RUNNING)
    bench.office.jobs.size(running, total, 0, bench.clock.now())
    return 0


def _alone(
    bench: Bench,
    batch: Batch,
    number: int,
    act: Callable[[Bench, Job, Task, dict[int, Result]], Result | None],
) -> None:
    job = bench.office.jobs.find(batch.tenant, batch.job)
    if job is None or not job.is_open:
        return
    tasks = _tasks(bench, batch)
    results = _results(bench, job, tasks)
    task = next(task for task in tasks if task.number == number)
    if number not in results and not _is_stopped(job, tasks, results):
        act(bench, job, task, results)


def _tasks(bench: Bench, batch: Batch) -> list[Task]:
    name = steps_file(batch.layer)
    stretch = batch.start, batch.length
    return tasks_in(bench.office.payloads.read_range(batch.tenant, batch.job, name, *stretch))


def _results(bench: Bench, job: Job, tasks: Sequence[Task]) -> dict[int, Result]:
    """Return what is known of the steps and of all that they need."""
    numbers = {
        number
        for task in tasks
        for number in (task.number, task.number - task.step.is_link, *task.needs.values())
    }
    return dict(bench.office.results.of(job.tenant, job.id, sorted(numbers)))


def _is_stopped(job: Job, tasks: Sequence[Task], results: dict[int, Result]) -> bool:
    """Tell whether so many operations failed that no other is begun.

    Of a request with failOnErrors everything is in one row: the job's count is that of all
    batches before, and the batch's own results are those before this step.
    """
    if not job.fail_on_errors:
        return False
    return job.errors + _counts(tasks, results)[1] >= job.fail_on_errors


def _counts(tasks: Sequence[Task], results: dict[int, Result]) -> tuple[int, int]:
    """Return how many operations were done, and how many steps of them refused."""
    made = [task for task in tasks if task.number in results]
    errors = sum(is_error(results[task.number]) for task in made)
    return sum(not task.step.is_link for task in made), errors
