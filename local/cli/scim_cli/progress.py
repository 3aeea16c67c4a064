"""The progress of long work: a bar, a rate and the remaining time."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import httpx2
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from scim.resource.job import OPEN_STATUSES
from scim_cli.output import note
from scim_cli.service import BUSY, Refused, Service

EVERY = 1.0
"""Seconds between two reads of a job's progress."""

_PAUSES = (2, 4, 8, 16, 32)
"""Seconds before each further attempt to read a job."""

ShowProgress = Callable[[int, int], None]
"""Shows the progress: how much is done, and the total."""


class _Rate(ProgressColumn):
    """The rate a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, empty as long as it is not known."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


@contextmanager
def progress_bar(description: str) -> Iterator[ShowProgress]:
    """Show a bar on standard error, apart from the output."""
    # Where nobody watches, nothing moves: a line at the end is enough.
    console = Console(stderr=True, force_terminal=sys.stderr.isatty())
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(description, total=None)

        def show(done_count: int, total: int) -> None:
            progress.update(task, completed=done_count, total=total or None)

        yield show


def await_job(service: Service, path: str) -> dict[str, Any]:
    """Wait until a job has ended, showing its progress, and return it.

    A wait may last for hours: a service that is busy or not reached for a minute does not end it. Raises Refused and
    httpx2.RequestError.
    """
    id_ = path.rpartition("/")[2]
    continues = (
        f"The job {id_} continues on the service: job wait {id_} waits for it,"
        f" job cancel {id_} ends it."
    )
    try:
        with progress_bar("Operations") as show:
            job = service.call("GET", path)
            while job["status"] in OPEN_STATUSES:
                operations = job["operations"]
                show(operations["done"], operations["total"])
                time.sleep(EVERY)
                job = _read_again(service, path, continues)
            show(job["operations"]["done"], job["operations"]["total"])
            return job
    except KeyboardInterrupt as error:
        raise click.ClickException(f"Interrupted. {continues}") from error


def _read_again(service: Service, path: str, continues: str) -> dict[str, Any]:
    """Return a job that was read before; wait while the service is busy or not reached."""
    for seconds in _PAUSES:
        try:
            return service.call("GET", path)
        except (Refused, httpx2.RequestError) as error:
            if isinstance(error, Refused) and error.status not in BUSY:
                raise
            note(f"{str(error).rstrip('.') or 'No response'}; asking again in {seconds} s.")
            time.sleep(seconds)
    try:
        return service.call("GET", path)
    except (Refused, httpx2.RequestError):
        note(continues)
        raise
