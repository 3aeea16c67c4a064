"""A file into a tenant's directory, by a job that goes on whatever becomes of this command."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from local.cli.begun import Begun, mapping_in
from local.cli.job import entries, require_done
from local.cli.output import note, show_one
from local.cli.progress import OPEN, awaited, shown
from local.cli.root import FORMATS
from local.cli.service import Service, serviced

_TOLD = 20
"""Refusals that are shown; the rest is in the job's result."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), default="bulk", show_default=True)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML or JSON: which column is which attribute (csv).",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would change; change nothing.")
@click.option("--update", is_flag=True, help="Change what is there already, else it is refused.")
@click.option("--fail-on-errors", type=click.IntRange(0), default=0, help="Stop after so many.")
@serviced
def import_(
    service: Service,
    *,
    file: Path,
    format_: str,
    mapping: Path | None,
    is_dry: bool,
    update: bool,
    fail_on_errors: int,
) -> None:
    """Import FILE. Killed and run again, the command goes on with the job it began."""
    asked = {
        "kind": "import",
        "format": format_,
        "dryRun": is_dry,
        "existing": "update" if update else "refuse",
        "failOnErrors": fail_on_errors,
    }
    if mapping is not None:
        asked["mapping"] = mapping_in(mapping)
    told = file.stat()
    about = {**asked, "url": service.url, "size": told.st_size, "modified": told.st_mtime_ns}
    begun = Begun.of(file, about)
    path = f"/Jobs/{_job(service, begun, asked)}"
    job = service.call("GET", path)
    if job["status"] == "waiting":
        with shown("Bytes") as show:
            service.upload(job["upload"], file, lambda number: show(number, told.st_size))
        service.call("POST", f"{path}/Start")
    if job["status"] in OPEN:
        job = awaited(service, path)
    effects = _told(service, path, job)
    begun.forget()
    show_one({"job": job["id"], "status": job["status"], **effects}, as_json=service.wants_json)
    require_done(job)


def _job(service: Service, begun: Begun, asked: dict[str, Any]) -> str:
    known = begun.job(service)
    if known is not None:
        note(f"Going on with job {known}.")
        return known
    made = str(service.call("POST", "/Jobs", asked)["id"])
    begun.remember(made)
    return made


def _told(service: Service, path: str, job: dict[str, Any]) -> dict[str, int]:
    """Return how often what happened, and say why the first refusals were."""
    if not job["operations"]["total"]:
        return {}
    effects: Counter[str] = Counter()
    for entry in entries(service, path):
        effects[entry.get("effect", "done")] += 1
        if "response" in entry and effects["error"] <= _TOLD:
            note(f"line {entry['line']}: {entry['status']} {entry['response'].get('detail', '')}")
    return dict(sorted(effects.items()))
