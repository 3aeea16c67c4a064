"""What the states of the machine do: plan, do a batch, do one step, give it up, finish, fail.

Each can be repeated at any moment, also while another worker is at the same: what has a
result is left alone, and a result comes with its effect or not at all.
"""

from collections.abc import Callable, Sequence

from scim.resource.job import Job, Status
from scim.service.bulk.operation import bulk_of
from scim.service.job.batch import Batch, Task, lines_file, steps_file, tasks_in
from scim.service.job.bench import Bench
from scim.service.job.layout import files_of, layers_of
from scim.service.job.ports import Result
from scim.service.job.request import REQUEST_FILE, body_of
from scim.service.job.result import is_error
from scim.service.job.task import done, given_up


class Unfinished(Exception):
    """No time is left for the rest of a batch: go on with it in a fresh invocation."""


def plan(bench: Bench, tenant: str, id_: str) -> dict[str, object]:
    """Lay out the job and return what the machine goes by; no layers when it is cancelled."""
    job = bench.office.jobs.find(tenant, id_)
    layers = 0
    if job is not None and _is_running(bench, job):
        layers = _laid_out(bench, job)
    return {
        "tenant": tenant,
        "job": id_,
        "layer": 0,
        "layers": layers,
        "concurrency": bench.concurrency,
    }


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
        if job.done < job.operations and not job.is_stopped_by_errors:
            fail(bench, tenant, id_)
            return False
        _turn(bench, tenant, id_, Status.COMPLETED)
    bench.office.payloads.clear(tenant, id_)
    return True


def fail(bench: Bench, tenant: str, id_: str) -> None:
    """Say that the job could not be done; it can be taken up again."""
    _turn(bench, tenant, id_, Status.FAILED)


def _turn(bench: Bench, tenant: str, id_: str, status: Status) -> None:
    job = bench.office.jobs.find(tenant, id_)
    while job is not None and job.is_open:
        if bench.office.jobs.turn(job, status, bench.clock.now()):
            return
        job = bench.office.jobs.find(tenant, id_)


def _is_running(bench: Bench, job: Job) -> bool:
    """Turn a job that waits or has failed into one that runs; tell whether it runs now."""
    if job.status in {Status.PENDING, Status.FAILED}:
        return bench.office.jobs.turn(job, Status.RUNNING, bench.clock.now())
    return job.status is Status.RUNNING


def _laid_out(bench: Bench, job: Job) -> int:
    content = bench.office.payloads.read(job.tenant, job.id, REQUEST_FILE)
    request = bulk_of(body_of(content), bench.profile, bench.bounds.job_operations)
    layers = layers_of(request, bench.catalogue, bench.sizes)
    for number, files in enumerate(files_of(job.tenant, job.id, layers)):
        bench.office.payloads.put(job.tenant, job.id, steps_file(number), files.steps)
        bench.office.payloads.put(job.tenant, job.id, lines_file(number), files.lines)
    return len(layers)


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
