"""Jobs of a tenant: list, show, await, restart and cancel them, and show their results."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from scim_cli.group import Group
from scim_cli.output import OutputFormat, json_text, note, show, show_one
from scim_cli.progress import await_job
from scim_cli.service import Service, path_to, serviced

PAGE = 1000
_ENDED = {"failed": "The job failed.", "cancelled": "The job was cancelled."}


@click.group(cls=Group)
def job() -> None:
    """Show, await, restart and cancel jobs."""


@job.command("list")
@serviced
def list_(service: Service) -> None:
    """Show the jobs of the last seven days, newest first."""
    jobs: list[dict[str, Any]] = []
    while True:
        page_jobs, total = service.page(f"/Jobs?startIndex={len(jobs) + 1}&count=100")
        jobs += page_jobs
        if len(jobs) >= total or not page_jobs:
            break
    show(
        jobs if service.format.is_for_program else [row_of(row) for row in jobs],
        service.format,
    )


@job.command("show")
@click.argument("id_", metavar="ID")
@serviced
def show_(service: Service, id_: str) -> None:
    """Show the job ID."""
    _show(service.call("GET", path_to("Jobs", id_)), service.format)


@job.command()
@click.argument("id_", metavar="ID")
@serviced
def cancel(service: Service, id_: str) -> None:
    """Cancel the job ID; completed operations are kept."""
    service.call("DELETE", path_to("Jobs", id_))
    _show(service.call("GET", path_to("Jobs", id_)), service.format)


@job.command()
@click.argument("id_", metavar="ID")
@serviced
def start(service: Service, id_: str) -> None:
    """Restart the failed job ID; completed operations are not repeated."""
    service.call("POST", path_to("Jobs", id_, "Start"))
    _show(service.call("GET", path_to("Jobs", id_)), service.format)


@job.command()
@click.argument("id_", metavar="ID")
@serviced
def wait(service: Service, id_: str) -> None:
    """Wait until the job ID ends; fails if an operation was refused."""
    ended_job = await_job(service, path_to("Jobs", id_))
    _show(ended_job, service.format)
    require_done(ended_job)


@job.command()
@click.argument("id_", metavar="ID")
@click.option("--failed", "only_failed", is_flag=True, help="Only refused operations.")
@serviced
def result(service: Service, id_: str, *, only_failed: bool) -> None:
    """Print the result of each operation of the job ID, one JSON object in each line."""
    results = entries(service, path_to("Jobs", id_))
    for entry in results:
        if not only_failed or "response" in entry:
            click.echo(json_text(entry))
    if not service.format.is_for_program:
        note("These are all results so far.")


def entries(service: Service, path: str) -> Iterator[dict[str, Any]]:
    """Yield the result of each operation of a job, read page by page."""
    start = 1
    while True:
        page = service.call("GET", f"{path}/Result?startIndex={start}&count={PAGE}")
        yield from page.get("Operations", [page])
        # A page of large results is shorter.
        start += page.get("itemsPerPage") or PAGE
        if start > page.get("totalResults", 0):
            return


def row_of(job: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a table shows of a job."""
    operations = job["operations"]
    return {
        "id": job["id"],
        "kind": job["kind"],
        "status": job["status"],
        "done": operations["done"],
        "total": operations["total"],
        "failed": operations["failed"],
        "created": job["meta"]["created"],
        "error": job.get("error"),
    }


def require_done(job: Mapping[str, Any]) -> None:
    """End the command with an error unless every operation of the job is done."""
    if job["status"] != "completed":
        raise click.ClickException(f"{_ENDED[job['status']]} {job.get('error', '')}".strip())
    if failed := job["operations"]["failed"]:
        raise click.ClickException(
            f"{counted(failed, 'operation')} refused:"
            f" job result {job['id']} --failed has the reasons."
        )


def counted(number: int, noun: str) -> str:
    """Return a number of things with the verb that goes with it: `1 operation was`, `2 operations were`."""
    return f"1 {noun} was" if number == 1 else f"{number} {noun}s were"


def _show(job: Mapping[str, Any], form: OutputFormat) -> None:
    show_one(job if form.is_for_program else row_of(job), form)
