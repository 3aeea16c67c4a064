"""Undoing an import at the command line."""

import json

import pytest

from scim.schema.message_uri import BULK_REQUEST_URN
from tests.local.cli.shell import Shell, people


def test_an_import_is_rehearsed_and_taken_back(shell: Shell) -> None:
    job = shell.json("import", shell.file("a", people("una", "uma")), "--format", "ndjson")["job"]
    shell.pump()
    rehearsed = shell.run("undo", "--job", job, "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert rehearsed.stderr.count("would be deleted") == 2
    told = shell.json("undo", "--job", job)
    assert (told["status"], told["delete"]) == ("completed", 2)
    again = shell.run("undo", "--job", job)
    assert again.exit_code == 1


def test_a_rehearsal_names_what_would_be_created_again_by_its_former_id(shell: Shell) -> None:
    ursula = shell.json("users", "create", "userName=ursula")["id"]
    deletion = {"method": "DELETE", "path": f"/Users/{ursula}"}
    request = json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": [deletion]})
    job = shell.json("import", shell.file("leavers.json", request))["job"]
    shell.pump()
    rehearsed = shell.run("undo", "--job", job, "--dry-run")
    assert rehearsed.stderr.splitlines() == [f"POST {ursula}: would be created again"]


def test_a_span_without_writes_is_refused(shell: Shell) -> None:
    span = ["--since", "2020-01-01T00:00:00Z", "--until", "2020-01-02T00:00:00Z"]
    refused = shell.run("undo", "--token", "nobody", *span)
    assert refused.exit_code == 1
    assert "no such writes" in refused.stderr


@pytest.mark.long
def test_a_deleted_user_is_restored(shell: Shell) -> None:
    shell.settle(profile="default+keepsDeleted")
    made = shell.json("users", "create", "userName=ursula")
    path = f"Users/{made['id']}"
    assert shell.run("users", "delete", made["id"]).exit_code == 0
    rehearsed = shell.run("undelete", path, "--dry-run")
    assert rehearsed.exit_code == 0
    assert f"POST /{path}: would be" in rehearsed.stderr
    assert shell.run("users", "get", made["id"]).exit_code == 1
    told = shell.json("undelete", path)
    assert told["status"] == "completed"
    assert shell.json("users", "get", made["id"])["userName"] == "ursula"
    again = shell.run("undelete", path)
    assert (again.exit_code, "it exists" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--job", "x", "--token", "t"],
        ["--token", "t", "--since", "2026-01-01T00:00:00Z"],
        ["--job", "x", "--until", "2026-01-01T00:00:00Z"],
        ["--token", "t", "--since", "yesterday", "--until", "2026-01-01T00:00:00Z"],
    ],
)
def test_the_command_says_what_it_needs(shell: Shell, words: list[str]) -> None:
    assert shell.run("undo", *words).exit_code == 2
