"""Exporting a directory into a file and importing it, at the command line."""

import json
import os
from pathlib import Path

from tests.gateway.client import GROUP
from tests.local.cli.shell import Shell, people


def test_an_imported_file_can_be_exported(shell: Shell, tmp_path: Path) -> None:
    staff = {"schemas": [GROUP], "displayName": "staff", "members": [{"value": "ann"}]}
    file = shell.file("in.ndjson", people("ann", "bob") + json.dumps(staff))
    told = shell.json("import", file, "--format", "ndjson")
    assert (told["status"], told["create"]) == ("completed", 3)
    out = tmp_path / "out.json"
    told = shell.json("export", str(out))
    assert (told["resources"], told["bytes"]) == (3, out.stat().st_size)
    operations = json.loads(out.read_text())["Operations"]
    assert [each["path"] for each in operations] == ["/Users", "/Users", "/Groups"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.ndjson", "out.json"]
    assert out.stat().st_mode & 0o077 == 0


def test_an_existing_file_is_not_overwritten(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "out.ndjson"
    out.write_text("mine")
    result = shell.run("export", str(out))
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert out.read_text() == "mine"
    shell.json("export", str(out), "--force")
    assert out.read_text() == ""


def test_a_device_is_not_replaced_by_an_export(shell: Shell, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for name in (str(pipe), "-"):
        result = shell.run("export", name, "--format", "ndjson", "--force")
        assert (result.exit_code, f"{name} is no file" in result.stderr) == (2, True)
    assert pipe.is_fifo()
    assert not Path("-").exists()


def test_an_unwritable_file_is_refused_before_a_job_begins(shell: Shell, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "a.ndjson")
    people_file = shell.file("people.ndjson", people("ann"))
    for words in (["export", nowhere], ["import", people_file, "--report", nowhere]):
        result = shell.run(*words)
        assert result.exit_code == 2
        assert f"{nowhere} cannot be written" in result.stderr
    assert shell.json("job", "list") == []
