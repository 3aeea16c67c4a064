"""A file into a directory at the command line."""

from pathlib import Path
from typing import Any

import pytest

from scim_cli.service import Service
from scim_cli.transfer.begun import SUFFIX
from tests.local.cli.shell import Shell, people

COLUMNS = "columns:\n  id: id\n  kind: meta.resourceType\n  login: userName\n  name: displayName\n  members:\n    path: members\n    separator: ' '\n"


def test_columns_are_mapped_by_a_file(shell: Shell, tmp_path: Path) -> None:
    mapping = shell.file("columns.yaml", COLUMNS)
    rows = "id,kind,login,name,members\nann,User,ann,,\nbob,User,bob,,\ng,Group,,staff,ann bob\n"
    file = shell.file("in.csv", rows)
    words = ("--format", "csv", "--mapping", mapping)
    assert shell.json("import", file, *words)["create"] == 3
    out = tmp_path / "out.csv"
    shell.json("export", str(out), *words)
    header, *found = out.read_text().splitlines()
    assert header == "id,kind,login,name,members"
    assert sorted(each.split(",")[1:4] for each in found) == [
        ["Group", "", "staff"], ["User", "ann", ""], ["User", "bob", ""],
    ]  # fmt: skip


def test_a_dry_run_says_what_would_change(shell: Shell) -> None:
    shell.json("import", shell.file("a", people("ann")), "--format", "ndjson")
    file = shell.file("b", people("ann", "bob"))
    told = shell.json("import", file, "--format", "ndjson", "--dry-run", "--update")
    assert (told["create"], told["unchanged"]) == (1, 1)
    assert shell.service().call("GET", "/Users")["totalResults"] == 1


def test_refusals_are_told_by_line_and_fail_the_command(shell: Shell) -> None:
    file = shell.file("a", people("ann") + '{"broken\n' + people("ANN"))
    result = shell.run("import", file, "--format", "ndjson")
    assert result.exit_code == 1
    assert "line 2: 400" in result.stderr
    assert "line 3: 409" in result.stderr
    assert "2 operations were refused" in result.stderr


def test_a_file_that_cannot_be_read_fails_the_command(shell: Shell) -> None:
    result = shell.run("import", shell.file("a", '{"schemas":['))
    assert result.exit_code == 1
    assert "The job is failed." in result.stderr
    assert "Line 1" in result.stderr


@pytest.mark.parametrize("moment", ["upload", "call"])
def test_an_import_that_was_killed_is_gone_on_with(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """It dies before its file is there, or when the job is just about to begin."""
    file = shell.file("a", people("ann", "bob"))

    class Killed(BaseException):
        pass

    healthy = Service.call

    def dying(self: Service, *given: Any) -> Any:
        if moment == "upload" or given[1].endswith("/Start"):
            raise Killed
        return healthy(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(Service, moment, dying)
        with pytest.raises(Killed):
            shell.run("import", file, "--format", "ndjson")
    assert (tmp_path / f"a{SUFFIX}").exists()
    result = shell.run("import", file, "--format", "ndjson")
    assert "Going on with job" in result.stderr
    assert result.exit_code == 0
    assert not (tmp_path / f"a{SUFFIX}").exists()
    assert len(shell.json("job", "list")) == 1
    assert shell.service().call("GET", "/Users")["totalResults"] == 2


def test_another_file_of_that_name_is_another_job(shell: Shell) -> None:
    file = shell.file("a", people("ann"))
    shell.json("import", file, "--format", "ndjson")
    shell.json("import", shell.file("a", people("bob", "cy")), "--format", "ndjson")
    assert [each["operations"]["done"] for each in shell.json("job", "list")] == [2, 1]


def test_what_was_refused_can_be_mended_and_imported(shell: Shell, tmp_path: Path) -> None:
    mapping = shell.file(
        "columns.yaml", "resourceType: User\ncolumns: {Login: userName, On: active}"
    )
    file = shell.file("in.csv", 'login;more;on\nann;"x;y";maybe\nbob;;yes\ncy;"z;no\n')
    report = tmp_path / "refused.csv"
    result = shell.run("import", file, "--mapping", mapping, "--report", str(report))
    assert result.exit_code == 1
    header, ann, cy = report.read_text("utf-8-sig").splitlines()
    assert header == "login;more;on;reason"
    assert ann.startswith('ann;"x;y";maybe;Line 2: Column On: expected boolean')
    assert "Line 4: Cell 2" in cy
    report.write_text(report.read_text("utf-8-sig").replace("maybe", "no").replace(cy, ""))
    assert shell.json("import", str(report), "--mapping", mapping)["create"] == 1


def test_a_dry_run_says_what_would_become_of_each_row(shell: Shell) -> None:
    file = shell.file("in.csv", "UserName,UserId,GivenName\nann,1,Ann\nann,2,Eve\n")
    result = shell.run("import", file, "--dry-run")
    assert "The mapping is aws-identity-center" in result.stderr
    assert "line 2: would be created" in result.stderr
    assert "line 3: 409" in result.stderr
    assert "bulkId" not in result.stderr


def test_references_to_nobody_fail_the_command(shell: Shell) -> None:
    line = '{"meta":{"resourceType":"Group"},"displayName":"g","members":[{"value":"lost"}]}'
    result = shell.run("import", shell.file("a.ndjson", line))
    assert result.exit_code == 1
    assert "line 1: warning: Line 1: refers to nobody: lost." in result.stderr
    assert "1 rows refer to nobody" in result.stderr
