"""The progress of long work: a bar, a rate and the remaining time."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
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
from scim_cli.service import Service

EVERY = 1.0
"""Seconds between two reads of a job's progress."""

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


def await_job(service: Service, path: str, every: float = EVERY) -> dict[str, Any]:
    """Wait until a job has ended, showing its progress, and return it."""
    try:
        with progress_bar("Operations") as show:
            while True:
                job = service.call("GET", path)
                operations = job["operations"]
                show(operations["done"], operations["total"])
                if job["status"] not in OPEN_STATUSES:
                    return job
                time.sleep(every)
    except KeyboardInterrupt as error:
        id_ = path.rpartition("/")[2]
        raise click.ClickException(
            f"Interrupted. The job {id_} continues on the service: job wait {id_} waits for it,"
            f" job cancel {id_} ends it."
        ) from error
