"""Imports a file into a tenant's directory, by a job that continues even if the command ends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click

from scim.resource.job import OPEN_STATUSES, Format
from scim_cli.job import counted, entries, require_done
from scim_cli.output import note, show_one
from scim_cli.progress import await_job, progress_bar
from scim_cli.service import Service, serviced
from scim_cli.transfer.file_format import format_of
from scim_cli.transfer.from_scim import CopyOptions, copy_directory, source_options
from scim_cli.transfer.job_note import JobNote, require_writable
from scim_cli.transfer.mapping import mapping_in, shipped_for, unmapped
from scim_cli.transfer.refused_rows import Entry, write_report

_MOST_SHOWN = 20
"""The most refusals, and warnings, that are shown; the rest is in the job's result."""

_NAMED = 40
"""The most columns that are named because they are not imported."""

_WOULD = {
    "create": "would be created",
    "update": "would be changed",
    "delete": "would be deleted",
    "unchanged": "would stay as it is",
}


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice([str(format_) for format_ in Format]),
    help="Default: detected.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML or JSON: maps columns to attributes (csv, ldif). Default: a shipped mapping that fits.",
)
@click.option(
    "--map", "key", metavar="id=ATTRIBUTE", help="The attribute that references in the file use."
)
@click.option("--encoding", help="Encoding of a CSV file that is not UTF-8, such as windows-1252.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the refused rows to this file, with the reasons, for correction.",
)
@click.option(
    "--dry-run", "is_dry", is_flag=True, help="Show what would change, without changing it."
)
@click.option(
    "--update", is_flag=True, help="Update existing resources; otherwise they are refused."
)
@click.option(
    "--fail-on-errors", type=click.IntRange(0), default=0, help="Stop after this many refusals."
)
@source_options
@serviced
def import_(  # noqa: PLR0913 - an option each
    service: Service,
    *,
    file: Path,
    format_: str | None,
    mapping: Path | None,
    key: str | None,
    encoding: str | None,
    report: Path | None,
    is_dry: bool,
    update: bool,
    fail_on_errors: int,
    copy_options: CopyOptions | None,
) -> None:
    """Import FILE. If it is killed, run it again to continue with the same job.

    With --from-scim, FILE is first created as a copy of another SCIM server's directory, and kept.
    """
    if report is not None:
        require_writable(report)
        _require_another(report, file, mapping)
    copy = None if copy_options is None else copy_directory(copy_options, file)
    _require_file(file)
    format_ = "ndjson" if copy else format_ or format_of(file)
    columns = _mapping(file, format_, mapping, key, encoding)
    declaration: dict[str, Any] = {
        "kind": "import",
        "format": format_,
        "dryRun": is_dry,
        "existing": "update" if update else "refuse",
        "failOnErrors": fail_on_errors,
        "size": file.stat().st_size,
        **({} if columns is None else {"mapping": columns}),
    }
    subject = {**declaration, "url": service.url, "modified": file.stat().st_mtime_ns}
    job_note = JobNote.of(file, subject)
    job = _ended_job(service, file, job_note, declaration)
    results = _results(service, job, is_dry=is_dry)
    job_note.forget()
    if copy is not None:
        copy.forget()
    effects = dict(sorted(results.effects.items()))
    show_one({"job": job["id"], "status": job["status"], **effects}, service.format)
    if report is not None and results.effects["error"]:
        write_report(report, file, format_, columns, results.entries)
        note(f"{counted(results.effects['error'], 'refused row')} written to {report}.")
    require_done(job)
    if results.warnings:
        noun = "row refers" if results.warnings == 1 else "rows refer"
        raise click.ClickException(f"{results.warnings} {noun} to resources that do not exist.")


def _require_file(file: Path) -> None:
    """End the command unless a file can be read more than once and is not empty."""
    if not file.exists():
        raise click.UsageError(f"There is no file {file}.")
    if not file.is_file():
        raise click.UsageError(
            f"{file} is a pipe or a device; an import is read more than once: write it to a file first."
        )
    if not file.stat().st_size:
        raise click.UsageError(f"The file {file} is empty.")


def _require_another(report: Path, *inputs: Path | None) -> None:
    """End the command if the report would overwrite a file that the import reads."""
    for file in filter(None, inputs):
        is_linked = report.exists() and file.exists() and report.samefile(file)
        if is_linked or report.resolve() == file.resolve():
            raise click.UsageError(f"--report {report} is a file of the import itself.")


def _ended_job(
    service: Service, file: Path, job_note: JobNote, declaration: dict[str, Any]
) -> dict[str, Any]:
    """Wait for the job of the file, started earlier or now, and return it."""
    path = f"/Jobs/{_job_id(service, job_note, declaration)}"
    job = service.call("GET", path)
    if job["status"] == "waiting":
        size = file.stat().st_size
        with progress_bar("Bytes") as show:
            service.upload(job["upload"], file, lambda number: show(number, size))
        service.call("POST", f"{path}/Start")
    return await_job(service, path) if job["status"] in OPEN_STATUSES else job


def _job_id(service: Service, job_note: JobNote, declaration: dict[str, Any]) -> str:
    noted_id = job_note.job(service)
    if noted_id is not None:
        note(f"Continuing with job {noted_id}.")
        return noted_id
    new_id = str(service.call("POST", "/Jobs", declaration)["id"])
    job_note.remember(new_id)
    return new_id


def _mapping(
    file: Path, format_: str, mapping_file: Path | None, key: str | None, encoding: str | None
) -> dict[str, Any] | None:
    """Return the given mapping, else a shipped one for files with such columns."""
    mapping: dict[str, Any] | None = mapping_in(mapping_file)
    has_columns = Format(format_).has_columns
    if mapping is None and has_columns:
        name, mapping = shipped_for(file, format_, encoding or "")
        note(f"The mapping is {name}, detected from the columns.")
    if key is not None:
        key_name, _, attribute = key.partition("=")
        if key_name != "id" or not attribute:
            raise click.UsageError("--map is written id=ATTRIBUTE, such as id=userName.")
        mapping = {**(mapping or {}), "key": attribute}
    if encoding is not None:
        mapping = {**(mapping or {}), "encoding": encoding}
    if mapping is not None and has_columns:
        _note_unmapped(unmapped(file, format_, mapping))
    return mapping


def _note_unmapped(names: Sequence[str]) -> None:
    if names:
        remainder = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        note(f"Not in the mapping, and not imported: {', '.join(names[:_NAMED])}{remainder}.")


@dataclass(slots=True)
class _Results:
    effects: Counter[str] = field(default_factory=Counter)
    entries: list[Entry] = field(default_factory=list)
    warnings: int = 0


def _results(service: Service, job: dict[str, Any], *, is_dry: bool) -> _Results:
    """Return the results of a job, and print the reasons for the first refusals and warnings."""
    results = _Results()
    if not job["operations"]["total"]:
        return results
    for entry in entries(service, f"/Jobs/{job['id']}"):
        effect = entry.get("effect", "done")
        results.effects[effect] += 1
        detail = entry["response"].get("detail", "refused") if "response" in entry else ""
        method, bulk_id = entry.get("method", ""), entry.get("bulkId", "")
        new_id = "" if "response" in entry else _id_in(entry.get("location", ""))
        results.entries.append(Entry(entry["line"], method, bulk_id, detail, new_id))
        if "response" in entry:
            if results.effects["error"] <= _MOST_SHOWN:
                note(f"line {entry['line']}: {entry['status']} {_in_line(entry, detail)}")
        elif is_dry:
            note(f"line {entry['line']}: {_WOULD.get(effect, effect)}")
        if "warning" in entry:
            results.warnings += 1
            if results.warnings <= _MOST_SHOWN:
                note(f"line {entry['line']}: warning: {_in_line(entry, entry['warning'])}")
    return results


def _id_in(location: str) -> str:
    return unquote(location.rpartition("/")[2])


def _in_line(entry: Mapping[str, Any], text: str) -> str:
    """Return a text without its line number, which is printed before it."""
    return text.removeprefix(f"Line {entry['line']}: ")
