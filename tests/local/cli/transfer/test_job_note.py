"""The note about a job beside its file."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from scim_cli.service import Refused, Service
from scim_cli.transfer.job_note import SUFFIX, JobNote


class Knowing(Service):
    """A service that knows one job."""

    def call(self, method: str, path: str, *_: object) -> dict[str, Any]:
        if path != "/Jobs/j1":
            raise Refused(404 if "gone" in path else 503, "There is none.")
        return {"id": "j1"}


NOBODY = httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(500)))
SERVICE = Knowing("http://x", "t", NOBODY)


def test_a_job_is_remembered_for_just_this(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    job_note = JobNote.of(file, {"size": 3, "types": ("User",)})
    assert job_note.job(SERVICE) is None
    job_note.remember("j1")
    assert JobNote.of(file, {"size": 3, "types": ["User"]}).job(SERVICE) == "j1"
    assert JobNote.of(file, {"size": 4, "types": ["User"]}).job(SERVICE) is None
    job_note.forget()
    job_note.forget()
    assert job_note.job(SERVICE) is None


def test_a_job_that_the_service_has_forgotten_is_begun_again(tmp_path: Path) -> None:
    job_note = JobNote.of(tmp_path / "a", {})
    job_note.remember("gone")
    assert job_note.job(SERVICE) is None
    job_note.remember("busy")
    with pytest.raises(Refused):
        job_note.job(SERVICE)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_malformed_note_names_no_job(tmp_path: Path, text: str) -> None:
    (tmp_path / f"a{SUFFIX}").write_text(text)
    assert JobNote.of(tmp_path / "a", {}).job(SERVICE) is None


def test_a_note_that_cannot_be_written_does_not_stop_the_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job_note = JobNote.of(tmp_path / ("a" * 250), {})
    job_note.remember("j1")
    assert (
        "cannot be written (File name too long): remember job j1 yourself."
        in capsys.readouterr().err
    )
    assert job_note.job(SERVICE) is None
    job_note.forget()
