"""A note beside a file that names the file's job until the job has ended."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import click

from scim_cli.output import note
from scim_cli.service import Refused, Service

SUFFIX = ".scim-job"
_FORGOTTEN = 404


def require_writable(file: Path) -> None:
    """End the command before it starts anything, unless the folder of a file is writable."""
    if not os.access(file.absolute().parent, os.W_OK | os.X_OK):
        raise click.UsageError(f"{file} cannot be written: there is no such folder, or no right.")


@dataclass(frozen=True, slots=True)
class JobNote:
    """The note about a file's job, and the content it must have to be about the same import or export."""

    place: Path
    about: Mapping[str, Any]

    @classmethod
    def of(cls, file: Path, subject: Mapping[str, Any]) -> Self:
        """Return the note about a file; it need not exist."""
        return cls(file.with_name(file.name + SUFFIX), json.loads(json.dumps(subject)))

    def job(self, service: Service) -> str | None:
        """Return the id of the job that the note names, None if there is no such job."""
        try:
            document = json.loads(self.place.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(document, dict) or document.get("about") != self.about:
            return None
        try:
            return str(service.call("GET", f"/Jobs/{document['job']}")["id"])
        except Refused as refusal:
            if refusal.status != _FORGOTTEN:
                raise
            return None

    def remember(self, job: str) -> None:
        """Write the note. Where that is not possible, say so: the job is not found again by it."""
        try:
            self.place.write_text(json.dumps({"job": job, "about": self.about}), "utf-8")
        except OSError as error:
            note(f"{self.place} cannot be written ({error.strerror}): remember job {job} yourself.")

    def forget(self) -> None:
        """Remove the note, if it is there and can be removed."""
        with suppress(OSError):
            self.place.unlink()
