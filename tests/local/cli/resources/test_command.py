"""Resources of a tenant by the command line: listed, made, changed, deleted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner

from local.gateway import Gateway
from scim_cli.resources.values import patch_of, resource_of
from scim_cli.root import scim
from tests.fakes.devices import DOCUMENT
from tests.gateway.access import secret_of
from tests.gateway.client import USER
from tests.local.cli.shell import Shell


def test_a_user_is_made_changed_found_and_deleted(shell: Shell) -> None:
    words = ("userName=ada@x.example", "name.givenName=Ada", "active=true")
    made = shell.json("users", "create", *words, 'emails=[{"value": "a@x.example"}]')
    assert made["active"] is True
    assert made["name"] == {"givenName": "Ada"}
    assert made["emails"] == [{"value": "a@x.example"}]
    changed = shell.json("users", "patch", made["id"], "active=false", "emails=", "title=Dr")
    assert (changed["active"], changed["title"]) == (False, "Dr")
    assert "emails" not in changed
    assert shell.json("users", "get", made["id"]) == changed
    found = shell.json("users", "list", "--filter", 'userName eq "ada@x.example"')
    assert [each["id"] for each in found] == [made["id"]]
    assert shell.run("users", "delete", made["id"]).exit_code == 0
    assert "404" in shell.run("users", "get", made["id"]).stderr


_METER = "urn:example:params:scim:schemas:core:2.0:Meter"
_PLACE = "urn:example:params:scim:schemas:extension:2.0:Place"
_KINDS = ("string", "boolean", "integer", "decimal", "dateTime", "reference", "binary")
_METERS = {
    "schemas": [
        {
            "id": _METER,
            "name": "Meter",
            "attributes": [
                *({"name": kind, "type": kind} for kind in _KINDS),
                {
                    "name": "parts",
                    "type": "complex",
                    "multiValued": True,
                    "subAttributes": [
                        {"name": "value"},
                        {"name": "share", "type": "decimal"},
                        {"name": "primary", "type": "boolean"},
                    ],
                },
            ],
        },
        {
            "id": _PLACE,
            "name": "Place",
            "attributes": [
                {
                    "name": "floor",
                    "type": "complex",
                    "subAttributes": [{"name": "number", "type": "integer"}],
                }
            ],
        },
    ],
    "resourceTypes": [
        {
            "name": "Meter",
            "endpoint": "/Meters",
            "schema": _METER,
            "schemaExtensions": [{"schema": _PLACE, "required": False}],
        }
    ],
}


@pytest.fixture(name="meters", scope="module")
def _meters(
    served: tuple[Gateway, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shell]:
    """A tenant whose resources have an attribute of each type."""
    shell = Shell(served, tmp_path_factory.mktemp("meters"), "meters")
    shell.service().call("PUT", "/Definitions", _METERS)
    yield shell
    shell.close()


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("boolean", "true", True),
        ("BOOLEAN", "False", False),
        ("integer", "9007199254740993", 2**53 + 1),
        ("decimal", "18446744073709551615", 2**64 - 1),
        ("decimal", "-0.5e1", -5.0),
        ("string", "true", "true"),
        ("string", "12", "12"),
        ("string", "[draft]", "[draft]"),
        ("dateTime", "2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00.1Z"),
        ("dateTime", "2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00.1234567Z"),
        ("dateTime", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"),
        ("reference", "../Users/1", "../Users/1"),
        ("binary", "aGVsbG8", "aGVsbG8"),
        ("binary", "-_8", "-_8"),
        (f"{_PLACE}:floor.number", "9007199254740993", 2**53 + 1),
    ],
    ids=lambda value: str(value)[-30:],
)
def test_a_value_is_of_the_type_in_the_schema_and_else_as_typed(
    meters: Shell, path: str, text: str, value: object
) -> None:
    made = meters.json("resource", "Meters", "create", f"{path}={text}")
    other = meters.json("resource", "Meters", "create", "string=x")
    changed = meters.json("resource", "Meters", "patch", other["id"], f"{path}={text}")
    for shown in (made, changed):
        urn, _, names = path.lower().rpartition(":")
        found = shown[_PLACE] if urn else shown
        for name in names.split("."):
            found = {key.lower(): each for key, each in found.items()}[name]
        assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("text", ["1e400", "NaN", "-Infinity", "+1", "01", "0x10", "maybe", '"5"'])
@pytest.mark.parametrize("name", ["integer", "decimal", "boolean", "dateTime"])
def test_the_service_judges_a_text_that_is_no_value_of_the_type(
    meters: Shell, name: str, text: str
) -> None:
    assert resource_of(meters.service(), "Meters", {name: text})[name] == text
    answer = meters.run("resource", "Meters", "create", f"{name}={text}")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: 400: ")
    assert name in answer.stderr


def test_a_part_that_a_filter_selects_has_its_own_type(meters: Shell) -> None:
    parts = '[{"value": "a=b", "share": 18446744073709551615}, {"value": "c.d:e"}]'
    made = meters.json("resource", "Meters", "create", f"parts={parts}")
    words = ('parts[value eq "a=b"].primary=true', 'parts[value eq "c.d:e"].share=9007199254740993')
    changed = meters.json("resource", "Meters", "patch", made["id"], *words)
    assert changed["parts"] == [
        {"value": "a=b", "share": 2**64 - 1, "primary": True},
        {"value": "c.d:e", "share": 2**53 + 1},
    ]
    whole = {'parts[value eq "c.d:e"]': '{"value": "f"}'}
    (operation,) = patch_of(meters.service(), "Meters", whole)["Operations"]
    assert operation["value"] == {"value": "f"}


def test_a_resource_names_the_schemas_that_it_uses(meters: Shell) -> None:
    extended = {"string": "x", f"{_PLACE.upper()}:floor.number": "1"}
    assert resource_of(meters.service(), "meters", extended) == {
        "schemas": [_METER, _PLACE],
        "string": "x",
        _PLACE: {"floor": {"number": 1}},
    }
    whole = {_PLACE: '{"floor": {"number": 1}}', "externalId": "e"}
    assert resource_of(meters.service(), "Meters", whole) == {
        "schemas": [_METER, _PLACE],
        "externalId": "e",
        _PLACE: {"floor": {"number": 1}},
    }


def test_schemas_that_are_no_schemas_are_reported(
    meters: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = meters.service()
    types = {"Resources": [{"endpoint": "/Meters", "schema": _METER}], "totalResults": 1}
    for schemas in ([], [{"id": _METER}], [{"id": 3}], [{"id": _METER, "attributes": ["x"]}]):
        pages = {"/ResourceTypes": types, "/Schemas": {"Resources": schemas, "totalResults": 1}}
        monkeypatch.setattr(
            type(service), "call", lambda _self, _method, path, query, p=pages: p[path]
        )
        with pytest.raises(ClickException, match=r"are not those of RFC 7643; give --file\.$"):
            resource_of(service, "Meters", {"string": "x"})


def test_a_filter_in_a_path_may_contain_an_equals_sign(shell: Shell) -> None:
    made = shell.json("users", "create", "userName=eve", 'emails=[{"value": "a=b@x.example"}]')
    path = 'emails[value eq "a=b@x.example"].display'
    changed = shell.json("users", "patch", made["id"], f"{path}=a=b]")
    assert [email["display"] for email in changed["emails"]] == ["a=b]"]


def test_the_case_of_names_has_no_meaning(shell: Shell) -> None:
    words = ("userName=bea", "name.givenName=Bea", "Name.familyName=Baer")
    made = shell.json("users", "create", *words)
    assert made["name"] == {"givenName": "Bea", "familyName": "Baer"}
    changed = shell.json("users", "patch", made["id"], "name.givenName=B", "NAME.familyName=Bar")
    assert changed["name"] == {"givenName": "B", "familyName": "Bar"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("name=x", "name.givenName=y"), "name.givenName: name is given another value."),
        (("name.givenName=y", 'name={"familyName": "x"}'), "name is given twice."),
        (("title=x", "Title=y"), "Title is given twice."),
    ],
)
def test_two_values_for_one_attribute_are_refused(
    shell: Shell, words: tuple[str, ...], expected: str
) -> None:
    answer = shell.run("users", "create", "userName=cleo", *words)
    assert answer.exit_code == 2
    assert expected in answer.stderr


@pytest.mark.parametrize("word", ["id=3", "meta.created=2026-03-01T10:00:00Z"])
def test_the_service_refuses_what_it_sets_itself(shell: Shell, word: str) -> None:
    made = shell.json("users", "create", "userName=dora")
    answer = shell.run("users", "patch", made["id"], word)
    assert answer.exit_code == 1
    assert "readOnly" in answer.stderr


def test_all_pages_are_listed(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim_cli.resources.command._PAGE", 2)
    for number in range(5):
        body = {"schemas": [USER], "userName": f"u{number}"}
        shell.service().call("POST", "/Users", body)
    assert len(shell.json("users", "list")) == 5
    assert len(shell.json("users", "list", "--count", "3")) == 3
    lines = shell.run("users", "list", "--attributes", "userName").stdout.splitlines()
    assert lines[0].split() == ["id", "userName"]
    assert len(lines) == 6


def test_the_attributes_asked_for_are_shown_whatever_their_kind(shell: Shell) -> None:
    emails = json.dumps([{"value": "a@x.example"}, {"value": "b@x.example", "display": "B"}])
    department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
    shell.json("users", "create", "userName=dee", "name.givenName=Dee", f"emails={emails}")
    asked = f"USERNAME, name.givenName, emails.value,{department},title"
    result = shell.run("users", "list", "--filter", 'userName eq "dee"', "--attributes", asked)
    header, row = result.stdout.splitlines()
    assert header.split()[1:] == [name.strip() for name in asked.split(",")]
    assert row.split()[1:] == ["dee", "Dee", "a@x.example", "b@x.example", "-", "-"]


def test_a_deletion_that_is_refused_names_the_resource(shell: Shell) -> None:
    first, last = (shell.json("users", "create", f"userName={name}")["id"] for name in "fg")
    result = shell.run("users", "delete", first, "nobody", last)
    assert result.exit_code == 1
    assert f"{first} is deleted.\nError: nobody: 404: There is no User" in result.stderr
    assert shell.run("users", "get", last).exit_code == 0


def test_a_group_is_made_of_members(shell: Shell) -> None:
    ada = shell.json("users", "create", "userName=ada")["id"]
    members = json.dumps([{"value": ada}])
    crew = shell.json("groups", "create", "displayName=crew", f"members={members}")
    assert [each["value"] for each in crew["members"]] == [ada]


def test_a_type_of_the_tenants_own_is_served_too(shell: Shell) -> None:
    shell.service().call("PUT", "/Definitions", DOCUMENT)
    answer = shell.run("resource", "Devices", "list")
    assert answer.exit_code == 0, answer.output


def test_a_resource_can_be_created_from_a_file(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "kim.json"
    file.write_text(json.dumps({"schemas": [USER], "userName": "kim"}), "utf-8")
    assert shell.json("users", "create", "--file", str(file))["userName"] == "kim"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("users", "create", "userNam=ada"),
            1,
            "userNam is not an attribute of the served schemas. Did you mean userName?",
        ),
        (
            ("users", "create", "userName=a", "name.givenNam=Ada"),
            1,
            "name.givenNam is not an attribute of the served schemas. Did you mean givenName?",
        ),
        (
            ("users", "patch", "x", "emails[type eq work].valu=a"),
            1,
            "emails[type eq work].valu is not an attribute of the served schemas. Did you mean value?",
        ),
        (("users", "create", "userName=a", "active=maybe"), 1, "active"),
        (("users", "create", "userName"), 2, "expected ATTRIBUTE=VALUE"),
        (("users", "create"), 2, "Give either ATTRIBUTE=VALUE or --file"),
        (("users", "create", "emails=[oops"), 2, "emails: not JSON"),
        (("users", "create", "emails=" + "[" * 100_000), 2, "emails: not JSON"),
        (("resource", "Printers", "create", "name=x"), 1, "serves no Printers; it serves groups"),
        (("users", "get", "nobody"), 1, "404"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_an_impossible_command_is_refused_with_the_reason(
    shell: Shell, words: tuple[str, ...], code: int, said: str
) -> None:
    result = shell.run(*words)
    assert result.exit_code == code
    assert said in result.stderr


@pytest.mark.parametrize(
    "words", [("create", "userName=a"), ("patch", "x", "title=Dr")], ids=" ".join
)
@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("http://127.0.0.1:{port}/scim/v2", 1, "Error: 401: "),
        ("http://127.0.0.1:{port}/nothing", 1, "Error: 404: "),
        ("http://127.0.0.1:1/scim/v2", 4, "http://127.0.0.1:1/scim/v2 cannot be reached: "),
    ],
    ids=["wrong token", "wrong URL", "nobody there"],
)
def test_a_refusal_to_read_the_schemas_is_reported_like_others(
    served: tuple[Gateway, int], words: tuple[str, ...], url: str, code: int, said: str
) -> None:
    gateway, port = served
    token = "x" * 60 if code == 1 and "scim/v2" in url else secret_of(gateway, "demo", "*")
    where = ("--url", url.format(port=port))
    result = CliRunner().invoke(scim, ["users", *words, *where], env={"SCIM_TOKEN": token})
    assert result.exit_code == code, result.output
    assert result.stderr.startswith("Error: ")
    assert said in result.stderr
