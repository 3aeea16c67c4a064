"""Jobs at the command line."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from scim_cli.job import entries
from tests.local.cli.shell import Shell, people

if TYPE_CHECKING:
    from scim_cli.service import Service


def test_jobs_are_listed_shown_awaited_and_told(shell: Shell) -> None:
    job = shell.json("import", shell.file("a", people("ann")), "--format", "ndjson")["job"]
    assert job in shell.run("job", "list").stdout
    assert shell.json("job", "show", job)["status"] == "completed"
    assert shell.json("job", "wait", job)["operations"]["done"] == 1
    (line,) = shell.run("job", "result", job).stdout.splitlines()
    assert json.loads(line)["effect"] == "create"
    assert shell.run("job", "result", job, "--failed").stdout == ""


class ShortPages:
    """Stands for a service whose pages have as many results as fit, whatever the client asks for."""

    def call(self, _: str, path: str) -> dict[str, Any]:
        start = int(parse_qs(urlsplit(path).query)["startIndex"][0])
        lines = range(start, min(start + 2, 6))
        page = {"totalResults": 5, "startIndex": start, "itemsPerPage": len(lines)}
        # The fourth operation has no result yet.
        return {**page, "Operations": [{"line": line} for line in lines if line != 4]}


def test_results_are_read_after_a_page_that_is_shorter_than_asked_for() -> None:
    results = entries(cast("Service", ShortPages()), "/Jobs/1")
    assert [entry["line"] for entry in results] == [1, 2, 3, 5]


def test_a_job_is_ended_early(shell: Shell) -> None:
    made = shell.service().call("POST", "/Jobs", {"kind": "import"})
    assert shell.json("job", "cancel", made["id"])["status"] == "cancelled"
    result = shell.run("job", "wait", made["id"])
    assert result.exit_code == 1
    assert "The job was cancelled." in result.stderr


def test_a_failed_job_can_be_started_again(shell: Shell) -> None:
    service = shell.service()
    made = service.call("POST", "/Jobs", {"kind": "import"})
    service.upload(made["upload"], Path(shell.file("b", "{")), lambda _: None)
    for _ in range(2):
        started = shell.json("job", "start", made["id"])
        assert started["status"] in {"pending", "running", "failed"}
        assert "The job failed." in shell.run("job", "wait", made["id"]).stderr
    error = shell.json("job", "show", made["id"])["error"]
    for words in (("list",), ("show", made["id"])):
        assert error in shell.run("job", *words).stdout
