"""Jobs that undo others, and what they leave."""

from typing import Any

from tests.gateway.client import BULK, Client
from tests.gateway.transfer import declared, ended, exported, lines_in, result_of

Undone = tuple[dict[str, Any], list[dict[str, Any]]]


def undone(client: Client, *, dry: bool = False, **undoes: str) -> Undone:
    """Let the log come up, undo, and return the job with what became of each operation."""
    client._gateway.event_sources.pump()
    answer = declared(client, kind="undo", undoes=undoes, dryRun=dry)
    assert answer.status == 201, answer.body
    path = f"/Jobs/{answer.body['id']}"
    job = ended(client, path)
    assert job["status"] == "completed", job.get("error")
    return job, result_of(client, path, job) if job["operations"]["total"] else []


def nothing_undone(client: Client, **undoes: str) -> str:
    """Return why a job that undoes nothing has failed."""
    client._gateway.event_sources.pump()
    job = declared(client, kind="undo", undoes=undoes).body
    ended_job = ended(client, f"/Jobs/{job['id']}")
    assert ended_job["status"] == "failed"
    return str(ended_job["error"])


def state(client: Client) -> dict[str, Any]:
    """Return the directory as its export has it."""
    return lines_in(exported(client, format="ndjson"))


def bulk_job(client: Client, *operations: dict[str, Any]) -> str:
    """Do operations as a job and return its id."""
    body = {"schemas": [BULK], "Operations": operations}
    answer = client.send("POST", "/Bulk", body, {"Prefer": "respond-async"})
    assert answer.status == 202, answer.body
    path = "/Jobs/" + answer.headers["location"].rpartition("/")[2]
    job = ended(client, path)
    assert (job["status"], job["operations"]["failed"]) == ("completed", 0), job
    return str(job["id"])


def refused(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["method"], each["status"]) for each in entries if each["status"] >= "400"]
