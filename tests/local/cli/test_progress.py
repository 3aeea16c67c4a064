"""Long work shown while it goes on."""

import click
import pytest
from rich.progress import Progress, TextColumn

from scim_cli.http_client import http_client
from scim_cli.progress import _Rate, await_job, progress_bar
from scim_cli.service import Service


class Slow(Service):
    """A service whose job takes three questions."""

    asked: list[str] = []  # noqa: RUF012 - of this one class

    def call(self, method: str, path: str, body: object = None) -> dict[str, object]:
        self.asked.append(f"{method} {path}")
        status = "completed" if len(self.asked) == 3 else "running"
        return {"status": status, "operations": {"done": len(self.asked), "total": 3}}


def test_a_job_is_asked_about_until_it_is_over() -> None:
    service = Slow("http://x", "t", http_client())
    assert await_job(service, "/Jobs/j", every=0)["operations"] == {"done": 3, "total": 3}
    assert service.asked == ["GET /Jobs/j"] * 3


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
