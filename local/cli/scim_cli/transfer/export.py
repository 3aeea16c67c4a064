"""Exports a tenant's directory to a file, by a job that continues even if the command ends."""

from pathlib import Path
from typing import Any

import click

from scim.resource.job import Format
from scim_cli.job import require_done
from scim_cli.output import note, show_one
from scim_cli.progress import await_job, progress_bar
from scim_cli.service import Service, serviced
from scim_cli.transfer.file_format import format_named
from scim_cli.transfer.job_note import JobNote, require_writable
from scim_cli.transfer.mapping import mapping_in


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice([str(format_) for format_ in Format if format_.is_written]),
    help="Default: detected from FILE's name.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML or JSON: maps columns to attributes (csv).",
)
@click.option(
    "--type", "types", multiple=True, help="A resource type; may be repeated. Default all."
)
@click.option("--force", is_flag=True, help="Overwrite an existing FILE.")
@serviced
def export(
    service: Service,
    *,
    file: Path,
    format_: str | None,
    mapping: Path | None,
    types: tuple[str, ...],
    force: bool,
) -> None:
    """Export to FILE. Only you can read it. If it is killed, run it again to continue with the same job."""
    _require_file(file)
    require_writable(file)
    if file.exists() and not force:
        raise click.UsageError(f"{file} exists already; --force overwrites it.")
    format_ = format_ or format_named(file)
    declaration: dict[str, Any] = {
        "kind": "export",
        "format": format_,
        "resourceTypes": list(types),
    }
    if mapping is not None:
        declaration["mapping"] = mapping_in(mapping)
    job_note = JobNote.of(file, {**declaration, "url": service.url})
    part = file.with_name(file.name + ".part")
    id_ = job_note.job(service)
    if id_ is None:
        part.unlink(missing_ok=True)
        id_ = str(service.call("POST", "/Jobs", declaration)["id"])
        job_note.remember(id_)
    else:
        note(f"Continuing with job {id_}.")
    job = await_job(service, f"/Jobs/{id_}")
    if job["status"] != "completed":
        job_note.forget()
    require_done(job)
    link = service.call("GET", f"/Jobs/{id_}/Result")["download"]
    part.touch(mode=0o600)  # as a copy of another server: it is about people
    with progress_bar("Bytes") as show:
        service.download(link, part, lambda number: show(number, 0))
    part.replace(file)
    job_note.forget()
    summary = {"job": id_, "resources": job["operations"]["done"], "bytes": file.stat().st_size}
    show_one(summary, service.format)


def _require_file(file: Path) -> None:
    """End the command for what is no file: the finished export takes the place of what has this name."""
    if str(file) == "-" or (file.exists() and not file.is_file()):
        raise click.UsageError(
            f"{file} is no file; an export is written to a file, in pieces that can be continued."
        )
