"""Progress of long work."""

import click
import httpx2
import pytest
from rich.progress import Progress, TextColumn

from scim_cli import progress
from scim_cli.http_client import http_client
from scim_cli.progress import _Rate, await_job, progress_bar
from scim_cli.service import Refused, Service


class Slow(Service):
    """A service whose job takes three questions."""

    asked: list[str] = []  # noqa: RUF012 - of this one class

    def call(self, method: str, path: str, body: object = None) -> dict[str, object]:
        self.asked.append(f"{method} {path}")
        status = "completed" if len(self.asked) == 3 else "running"
        return {"status": status, "operations": {"done": len(self.asked), "total": 3}}


@pytest.fixture(name="pauses")
def _pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(progress.time, "sleep", seconds.append)
    return seconds


def test_a_job_is_asked_about_every_second_until_it_is_over(pauses: list[float]) -> None:
    service = Slow("http://x", "t", http_client())
    assert await_job(service, "/Jobs/j")["operations"] == {"done": 3, "total": 3}
    assert (service.asked, pauses) == (["GET /Jobs/j"] * 3, [1, 1])


def test_no_progress_is_shown_without_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bar("Bytes") as show:
        show(1, 0)
        show(2, 10)
    assert capfd.readouterr() == ("", "")


def test_a_rate_is_shown_once_it_is_known() -> None:
    with Progress(TextColumn(""), disable=True) as progress:
        progress.add_task("x", total=10)
        (task,) = progress.tasks
        assert _Rate().render(task).plain == ""
        task.finished_speed = 1234.5
        assert _Rate().render(task).plain == "1,234/s"


def test_an_interrupted_wait_says_that_the_job_continues(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: Service, method: str, path: str, body: object = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Slow, "call", interrupted)
    with pytest.raises(click.ClickException, match="job wait j waits for it, job cancel j ends it"):
        await_job(Slow("http://x", "t", http_client()), "/Jobs/j")


def _after(*answers: str | Exception) -> Service:
    """Return a service that gives these answers about a job, a status or an error, one after the other."""
    left = iter(answers)

    class Answering(Service):
        def call(self, method: str, path: str, body: object = None) -> dict[str, object]:
            answer = next(left)
            if isinstance(answer, Exception):
                raise answer
            return {"status": answer, "operations": {"done": 1, "total": 1}}

    return Answering("http://x", "t", http_client())


def test_a_service_that_is_busy_for_a_while_ends_no_wait(
    pauses: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    failures = (Refused(503, "Busy."), httpx2.ReadTimeout("timed out"), Refused(429, "Too many."))
    service = _after("running", *failures, "running", Refused(502, "Bad."), "completed")
    assert await_job(service, "/Jobs/j")["status"] == "completed"
    assert pauses == [1, 2, 4, 8, 1, 2]
    assert "503: Busy; asking again in 2 s.\ntimed out; asking again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answers", "waited"),
    [
        ([Refused(503, "Busy.")], []),
        (["running", Refused(401, "No.")], [1]),
        (["running", *[Refused(503, "Busy.")] * 6], [1, 2, 4, 8, 16, 32]),
    ],
    ids=["the job was never read", "refused", "busy for longer"],
)
def test_a_wait_ends_with_what_the_service_refuses(
    answers: list[str | Exception],
    waited: list[float],
    pauses: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Refused):
        await_job(_after(*answers), "/Jobs/j")
    assert pauses == waited
    continues = "The job j continues on the service: job wait j waits for it"
    assert (continues in capsys.readouterr().err) is (len(waited) > 1)
