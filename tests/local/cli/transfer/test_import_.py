"""Importing a file at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from scim_cli.service import Service
from scim_cli.transfer.job_note import SUFFIX
from tests.gateway.client import ENTERPRISE, GROUP, USER
from tests.local.cli.shell import Shell, people

FILES = Path(__file__).parents[3] / "files"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
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


def test_refusals_are_reported_by_line_and_fail_the_command(shell: Shell) -> None:
    file = shell.file("a", people("ann") + '{"broken\n' + people("ANN"))
    result = shell.run("import", file, "--format", "ndjson")
    assert result.exit_code == 1
    assert "line 2: 400" in result.stderr
    assert "line 3: 409" in result.stderr
    assert "2 operations were refused" in result.stderr
    assert "Line 2: " not in result.stderr  # it is said in front
    again = shell.run("import", shell.file("b", people("ann")), "--format", "ndjson")
    assert "Error: 1 operation was refused" in again.stderr
    empty = shell.run("import", shell.file("c.ndjson", ""))
    assert (empty.exit_code, "is empty" in empty.stderr) == (2, True)
    pipe = shell.run("import", "/dev/null", "--format", "ndjson")
    assert (pipe.exit_code, "is a pipe or a device" in pipe.stderr) == (2, True)


def test_a_file_that_cannot_be_read_fails_the_command(shell: Shell) -> None:
    result = shell.run("import", shell.file("a", '{"schemas":['))
    assert result.exit_code == 1
    assert "The job failed." in result.stderr
    assert "Line 1" in result.stderr


def test_a_report_has_rows_in_another_encoding_as_they_came(shell: Shell, tmp_path: Path) -> None:
    mapping = shell.file("columns.yaml", "resourceType: User\ncolumns: {a: userName, b: title}\n")
    file, report = tmp_path / "in.csv", tmp_path / "refused.csv"
    file.write_bytes("a,b\nann,Zoë\nbob,x\n".encode("windows-1252"))
    refused = shell.run("import", str(file), "--mapping", mapping, "--report", str(report))
    assert "1 refused row" in refused.stderr
    words = ("--mapping", mapping, "--encoding", "windows-1252")
    assert shell.json("import", str(report), *words)["create"] == 1
    listed = shell.service().call("GET", "/Users")["Resources"]
    assert {each["userName"]: each["title"] for each in listed} == {"ann": "Zoë", "bob": "x"}


@pytest.mark.parametrize("name", ["in.ndjson", "./in.ndjson", "linked", "columns.yaml"])
def test_a_report_never_takes_the_place_of_what_is_imported(
    shell: Shell, tmp_path: Path, name: str
) -> None:
    text, columns = people("ann") + "{broken\n", "columns: {a: userName}\n"
    file, mapping = shell.file("in.ndjson", text), shell.file("columns.yaml", columns)
    (tmp_path / "linked").symlink_to(file)
    words = ("--mapping", mapping, "--report", f"{tmp_path}/{name}")
    refused = shell.run("import", file, *words)
    assert (refused.exit_code, "of the import itself" in refused.stderr) == (2, True)
    assert (Path(file).read_text(), Path(mapping).read_text()) == (text, columns)
    assert shell.service().call("GET", "/Users")["totalResults"] == 0


@pytest.mark.parametrize("moment", ["upload", "call"])
@pytest.mark.sampled(2)
def test_a_killed_import_continues(
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
    assert "Continuing with job" in result.stderr
    assert result.exit_code == 0
    assert not (tmp_path / f"a{SUFFIX}").exists()
    assert len(shell.json("job", "list")) == 1
    assert shell.service().call("GET", "/Users")["totalResults"] == 2


@pytest.mark.long
def test_another_file_of_the_same_name_is_another_job(shell: Shell) -> None:
    file = shell.file("a", people("ann"))
    shell.json("import", file, "--format", "ndjson")
    shell.json("import", shell.file("a", people("bob", "cy")), "--format", "ndjson")
    assert [each["operations"]["done"] for each in shell.json("job", "list")] == [2, 1]


def test_refused_rows_can_be_corrected_in_the_report_and_imported(
    shell: Shell, tmp_path: Path
) -> None:
    mapping = shell.file(
        "columns.yaml", "resourceType: User\ncolumns: {Login: userName, On: active}"
    )
    file = shell.file(
        "in.csv", 'login;more;on\nann;"x;y";maybe\nbob;;yes\n" dan ";;maybe\ncy;"z;no\n'
    )
    report = tmp_path / "refused.csv"
    result = shell.run("import", file, "--mapping", mapping, "--report", str(report))
    assert result.exit_code == 1
    assert "Not in the mapping, and not imported: more.\n" in result.stderr
    assert report.stat().st_mode & 0o077 == 0
    header, ann, dan, cy = report.read_text("utf-8-sig").splitlines()
    assert header == "login;more;on;reason"
    assert ann.startswith('ann;"x;y";maybe;Line 2: Column On: expected boolean')
    assert dan.startswith('" dan ";"";"maybe";"Line 4: Column On: expected boolean')
    assert "Line 5: Cell 2" in cy
    report.write_text(report.read_text("utf-8-sig").replace("maybe", "no").replace(cy, ""))
    assert shell.json("import", str(report), "--mapping", mapping)["create"] == 2
    names = {each["userName"] for each in shell.service().call("GET", "/Users")["Resources"]}
    assert names == {"ann", "bob", " dan "}


def test_an_ldap_directory_is_imported_by_a_shipped_mapping(shell: Shell, tmp_path: Path) -> None:
    file = str(FILES / "openldap.ldif")
    report = tmp_path / "refused.ldif"
    for words in (("--dry-run",), ("--report", str(report))):
        result = shell.run("import", file, *words)
        assert "The mapping is ldap" in result.stderr
        assert "line 41: 400 changetype: delete is a change" in result.stderr
        assert "line 44: warning: refers to nobody" in result.stderr
    assert "line 4: would" not in result.stderr
    assert report.read_text().splitlines() == [
        "# Line 41: changetype: delete is a change; expected plain entries.",
        "dn: uid=gone,ou=People,dc=example,dc=com",
        "changetype: delete",
        "",
    ]
    service = shell.service()
    users = {each["userName"]: each for each in service.call("GET", "/Users")["Resources"]}
    assert users.keys() == {"jensen", "mueller"}
    jensen, mueller = users["jensen"], users["mueller"]
    assert [each["value"] for each in jensen["emails"]] == [
        "bjensen@example.com",
        "babs@home.example",
    ]
    assert jensen["title"] == "Product Manager, Rod and Reel Division"
    assert jensen[ENTERPRISE]["manager"]["value"] == mueller["id"]
    assert mueller["displayName"] == "Jürgen Müller"
    (group,) = service.call("GET", "/Groups")["Resources"]
    assert {each["value"] for each in group["members"]} == {jensen["id"], mueller["id"]}


@pytest.mark.parametrize("name", ["ndjson", "bulk", "bulk-on-one-line"])
@pytest.mark.sampled(3)
def test_a_report_says_why_in_a_place_that_an_import_passes_over(
    shell: Shell, tmp_path: Path, name: str
) -> None:
    format_ = name.partition("-")[0]
    resources = [
        {"schemas": [USER], "userName": "ann", "active": "x"},
        {"schemas": [USER], "userName": "bob"},
        {"Meta": {"ResourceType": "User"}, "userName": "cy", "active": [1]},
    ]
    if format_ == "ndjson":
        content = "".join(json.dumps(each) + "\n" for each in resources) + "{broken\n"
    else:
        made = [
            {"method": "POST", "path": "/Users", "bulkId": each["userName"], "data": each}
            for each in resources
        ]
        made.append({"method": "DELETE", "path": "/Users/nobody"})
        request = {"schemas": [BULK], "Operations": made}
        content = json.dumps(request, indent=1 if name == "bulk" else None)
    report = tmp_path / "refused"
    words = ("--format", format_, "--report", str(report))
    result = shell.run("import", shell.file("in", content), *words)
    assert result.exit_code == 1
    assert "3 refused rows were written to" in result.stderr
    text = report.read_text()
    lines = text.splitlines() if format_ == "ndjson" else json.loads(text)["Operations"]
    told = [json.loads(each)["meta"] if format_ == "ndjson" else each for each in lines]
    assert len(told) == 3
    assert "active" in told[0]["reason"]
    assert "active" in told[1]["reason"]
    report.write_text(text.replace('"x"', "true").replace("[1]", "false"))
    again = shell.run("import", str(report), "--format", format_, "--json")
    assert json.loads(again.stdout)["create"] == 2, again.output
    assert json.loads(again.stdout)["error"] == 1
    assert shell.service().call("GET", "/Users")["totalResults"] == 3


def test_a_dry_run_says_what_would_become_of_each_row(shell: Shell) -> None:
    file = shell.file("in.csv", "UserName,UserId,GivenName\nann,1,Ann\nann,2,Eve\n")
    result = shell.run("import", file, "--dry-run")
    assert "The mapping is aws-identity-center" in result.stderr
    assert "line 2: would be created" in result.stderr
    assert "line 3: 409" in result.stderr
    assert "bulkId" not in result.stderr


def test_unresolved_references_fail_the_command(shell: Shell) -> None:
    line = '{"meta":{"resourceType":"Group"},"displayName":"g","members":[{"value":"lost"}]}'
    result = shell.run("import", shell.file("a.ndjson", line))
    assert result.exit_code == 1
    assert "line 1: warning: refers to nobody: lost." in result.stderr
    assert "1 row refers to resources that do not exist" in result.stderr


@pytest.mark.parametrize("format_", ["ndjson", "bulk"])
def test_corrected_rows_refer_to_resources_of_the_first_import(
    shell: Shell, tmp_path: Path, format_: str
) -> None:
    """The first import has given ann an id; the report no longer has her line."""
    group = {"schemas": [GROUP], "id": "crew", "displayName": "a\u0001"}
    ids = [{"value": "ann"}, {"value": "bob"}]
    users = [{"schemas": [USER], "id": name, "userName": name} for name in ("ann", "bob")]
    users[1]["displayName"] = "b\u0001"
    rows: list[dict[str, object]] = [*users, {**group, "members": ids}]
    report = tmp_path / f"report.{'json' if format_ == 'bulk' else 'ndjson'}"
    text = "".join(json.dumps(each) + "\n" for each in rows)
    if format_ == "bulk":
        linked = {**group, "members": [{"value": f"bulkId:{each['value']}"} for each in ids]}
        posts = [
            {"method": "POST", "path": path, "bulkId": str(data["id"]), "data": data}
            for path, data in (("/Users", users[0]), ("/Users", users[1]), ("/Groups", linked))
        ]
        urn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
        text = json.dumps({"schemas": [urn], "Operations": posts})
    words = ("--format", format_)
    refused = shell.run("import", shell.file("in", text), *words, "--report", str(report))
    assert "2 refused rows were written" in refused.stderr, refused.output
    report.write_text(report.read_text("utf-8").replace("\\u0001", ""), "utf-8")
    mended = shell.run("import", str(report), *words)
    assert mended.exit_code == 0, mended.output
    (crew,) = shell.service().call("GET", "/Groups")["Resources"]
    assert len(crew["members"]) == 2
