"""Mappings of columns: those of users, and the shipped ones."""

from pathlib import Path
from typing import Any

import click
import pytest

from scim.schema.loading import shipped_catalogue
from scim.service.transfer.elements import with_lists
from scim.service.transfer.formats.csv_format import CsvReader
from scim.service.transfer.formats.ldif_format import LdifReader
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources
from scim_cli.transfer.mapping import mapping_in, shipped_for, unmapped
from tests.gateway.client import ENTERPRISE

SHIPPED = sorted(
    (Path(__file__).parents[4] / "local/cli/scim_cli/transfer/mappings").glob("*.yaml")
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("columns: {a: userName}", {"columns": {"a": "userName"}}),
        ('{"columns":{"a":"userName"}}', {"columns": {"a": "userName"}}),
        ("columns:\n  Yes: userName\n  No: title", {"columns": {"Yes": "userName", "No": "title"}}),
        (
            "skipLines: 1\ncolumns:\n  1: {path: active, true: [Yes, 1], false: No}",
            {
                "skipLines": 1,
                "columns": {"1": {"path": "active", "true": ["Yes", "1"], "false": "No"}},
            },
        ),
    ],
)
def test_a_mapping_is_yaml_or_json_and_its_names_are_words(
    tmp_path: Path, text: str, expected: Any
) -> None:
    file = tmp_path / "mapping"
    file.write_text(text)
    assert mapping_in(file) == expected
    assert mapping_in(None) is None


@pytest.mark.parametrize("text", ["a: [", "columns: {a: userName, a: title}", "? [a]\n: b"])
def test_a_file_that_is_neither_yaml_nor_json_or_repeats_a_name_is_refused(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "mapping"
    file.write_text(text)
    with pytest.raises(click.ClickException, match="neither YAML nor JSON"):
        mapping_in(file)


@pytest.mark.parametrize("text", ["", "- a\n- b", "words", "7"])
def test_a_file_without_a_mapping_in_it_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mapping"
    file.write_text(text)
    with pytest.raises(click.ClickException, match="holds no mapping"):
        mapping_in(file)


def is_of_ldif(file: Path) -> bool:
    return "dn" in Columns.of_json(mapping_in(file)).names


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_mapping_names_served_attributes(file: Path) -> None:
    columns = Columns.of_json(mapping_in(file))
    types = shipped_catalogue().resource_types
    columns.require_served(types)
    columns.require_writable(types)


@pytest.mark.parametrize(
    "file", [each for each in SHIPPED if not is_of_ldif(each)], ids=lambda file: file.stem
)
def test_a_shipped_mapping_is_found_by_its_columns(tmp_path: Path, file: Path) -> None:
    columns = Columns.of_json(mapping_in(file))
    export = tmp_path / "export.csv"
    export.write_text(",".join(dict.fromkeys(each.name for each in columns.columns)) + ",More\n")
    assert shipped_for(export, "csv", "")[0] == file.stem
    export.write_text(";".join(columns.required).upper() + "\n")
    assert shipped_for(export, "csv", "windows-1252")[0] == file.stem


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Mitarbeiter;Mail\nann;a@x\n", r"-domains, slack\. Its first row is: Mitarbeiter;Mail$"),
        ("login,email\n".encode("utf-16-le"), "is utf-16-le without a byte order mark"),
        (b"!BDN\x00\x1b]0;\n", r"Its first row is: !BDN\\u0000\\u001b]0;$"),
    ],
)
def test_a_file_without_a_shipped_mapping_is_refused(
    tmp_path: Path, content: bytes, said: str
) -> None:
    export = tmp_path / "export.csv"
    export.write_bytes(content)
    with pytest.raises(click.UsageError, match=said):
        shipped_for(export, "csv", "")


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            (
                "DN,objectClass,distinguishedName,displayName,givenName,sn,mail,department,"
                "userAccountControl,sAMAccountName,userPrincipalName"
            ),
            '"CN=A,DC=x",top;person;organizationalPerson;user,"CN=A,DC=x",Ann A,Ann,A,a@x,D,514,a,a@x',
            "active-directory-csvde",
        ),
        (
            (
                "#TYPE Microsoft.ActiveDirectory.Management.ADUser\n"
                '"City","Country","Department","DisplayName","DistinguishedName","EmailAddress",'
                '"Enabled","GivenName","Name","SamAccountName","State","Surname","UserPrincipalName"'
            ),
            '"","","D","Ann A","CN=A,DC=x","a@x","False","Ann","A","a","","A","a@x"',
            "active-directory-powershell",
        ),
    ],
)
def test_files_of_active_directory_mark_disabled_users(
    tmp_path: Path, header: str, row: str, expected: str
) -> None:
    export = tmp_path / "export.csv"
    export.write_text(f"{header}\n{row}\n")
    name, mapping = shipped_for(export, "csv", "")
    assert name == expected
    reader = CsvReader(Resources(shipped_catalogue()), Columns.of_json(mapping))
    (entry,) = reader.entries(iter([export.read_bytes()]))
    data = reader.operation(entry.content, 0, entry.line).data
    assert (data["userName"], data["active"], data["externalId"]) == ("a@x", False, "a")


@pytest.mark.parametrize(
    ("columns", "mapping", "column"),
    [
        ("firstname,lastname,email,username,title,status", "jumpcloud", "status"),
        ("UserPrincipalName,DisplayName,ObjectId,BlockCredential", "entra-object-id", "BlockCredential"),
        ("SamAccountName;UserPrincipalName;DisplayName;Enabled", "entra", "Enabled"),
        ("login,firstName,lastName,email,Is Active", "okta", "Is Active"),
    ],
)  # fmt: skip
def test_a_mapping_that_would_leave_nobody_disabled_is_not_selected(
    tmp_path: Path, columns: str, mapping: str, column: str
) -> None:
    export = tmp_path / "export.csv"
    export.write_text(columns + "\n")
    with pytest.raises(
        click.UsageError, match=f"those of {mapping}, which does not read {column}:"
    ):
        shipped_for(export, "csv", "")


def test_the_status_of_okta_is_read(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(
        "id,status,login,email,firstName,lastName\n1,DEPROVISIONED,a@x,a@x,A,B\n2,LOCKED_OUT,b@x,b@x,B,C\n"
    )
    name, mapping = shipped_for(export, "csv", "")
    assert name == "okta"
    reader = CsvReader(Resources(shipped_catalogue()), Columns.of_json(mapping))
    entries = reader.entries(iter([export.read_bytes()]))
    users = [reader.operation(each.content, 0, each.line).data for each in entries]
    assert [user["active"] for user in users] == [False, True]


def test_managers_of_jumpcloud_are_other_rows(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(
        '"_id","email","firstname","lastname","manager","suspended","username"\n'
        '"5f","a@x","Ann","A","","False","ann"\n"60","b@x","Bob","B","5f","True","bob"\n'
    )
    name, mapping = shipped_for(export, "csv", "")
    assert name == "jumpcloud"
    reader = CsvReader(Resources(shipped_catalogue()), Columns.of_json(mapping))
    entries = reader.entries(iter([export.read_bytes()]))
    ann, bob = (reader.operation(each.content, 0, each.line) for each in entries)
    assert ann.makes == "5f"
    assert bob.data[ENTERPRISE] == {"manager": {"value": "5f"}}


def test_several_values_in_a_cell_of_google_are_several(tmp_path: Path) -> None:
    columns = (
        "First Name [Required],Last Name [Required],Email Address [Required],Home Secondary Email,"
        "Work Secondary Email,Work Phone,Mobile Phone,Home Address"
    )
    row = 'Ann,A,a@x,"h1@x,h2@x",w@x,"+1 1,+1 2",,"1 Main St, Town"'
    export = tmp_path / "export.csv"
    export.write_text(f"{columns}\n{row}\n")
    name, mapping = shipped_for(export, "csv", "")
    assert name == "google-workspace"
    reader = CsvReader(Resources(shipped_catalogue()), Columns.of_json(mapping))
    (entry,) = reader.entries(iter([export.read_bytes()]))
    made = with_lists(reader.operation(entry.content, 0, entry.line).data)
    assert made["emails"] == [
        {"type": "work", "value": "a@x"},
        {"type": "home", "value": "h1@x"},
        {"type": "home", "value": "h2@x"},
        {"type": "other", "value": "w@x"},
    ]
    assert made["phoneNumbers"] == [
        {"type": "work", "value": "+1 1"},
        {"type": "work", "value": "+1 2"},
    ]
    assert made["addresses"] == [{"type": "home", "formatted": "1 Main St, Town"}]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("uid: a\nentryUUID: b\nmember: c", "ldap"),
        ("uid: a\nuniqueMember: c", "ldap"),
        ("uid: a\nmemberUid: b", "ldap-posix"),
        ("uid: a", "ldap"),
        ("uid: a\nmember: a=b\nmemberUid: 1000", "ldap"),
        ("sAMAccountName: a\nuserPrincipalName: b", "active-directory"),
    ],
)
def test_a_mapping_of_entries_is_found_by_their_attributes(
    tmp_path: Path, attributes: str, expected: str
) -> None:
    export = tmp_path / "export.ldif"
    export.write_text(f"dn: a=b\n{attributes}\n")
    assert shipped_for(export, "ldif", "")[0] == expected


FREEIPA = """dn: cn=users,cn=accounts,dc=x
objectClass: top
objectClass: nsContainer
cn: users

dn: uid=ann,cn=users,cn=accounts,dc=x
displayName: Ann A
uid: ann
objectClass: top
objectClass: person
objectClass: inetorgperson
objectClass: posixaccount
givenName: Ann
sn: A
cn: Ann A
mail: ann@x
nsAccountLock: TRUE

dn: cn=all,cn=groups,cn=accounts,dc=x
objectClass: top
objectClass: groupofnames
cn: all
member: uid=ann,cn=users,cn=accounts,dc=x
"""
EDIRECTORY = """version: 1

dn: cn=ann,ou=users,o=x
changetype: add
loginDisabled: TRUE
uid: ann
displayName: Ann A
givenName: Ann
sn: A
objectClass: inetOrgPerson
objectClass: ndsLoginProperties
objectClass: Top

dn: cn=all,o=x
changetype: add
objectClass: groupOfNames
cn: all
member: cn=ann,ou=users,o=x
"""


PING = EDIRECTORY.replace("loginDisabled: TRUE", "ds-pwp-account-disabled: true")


@pytest.mark.parametrize(
    "content", [FREEIPA, EDIRECTORY, PING], ids=["FreeIPA", "eDirectory", "PingDirectory"]
)
def test_files_of_other_directories_mark_locked_users(tmp_path: Path, content: str) -> None:
    export = tmp_path / "export.ldif"
    export.write_text(content, "utf-8")
    name, mapping = shipped_for(export, "ldif", "")
    assert name == "ldap"
    reader = LdifReader(Resources(shipped_catalogue()), Columns.of_json(mapping))
    entries = reader.entries(iter([export.read_bytes()]))
    first, *_ = (reader.operation(each.content, 0, each.line) for each in entries)
    assert (first.fault, first.data["userName"], first.data["active"]) == (None, "ann", False)


def test_a_first_entry_that_is_longer_than_what_is_read_is_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beginning = "dn: cn=a\nobjectClass: inetOrgPerson\nuid: a\n"
    content = f"{beginning}jpegPhoto:: AAAA\n BBB\n BCCC\n C\nmail: a@x.example\n"
    export = tmp_path / "export.ldif"
    export.write_text(content)
    for size in range(len(beginning) + 1, len(content) + 1):
        monkeypatch.setattr("scim_cli.transfer.mapping._BEGINNING", size)
        assert shipped_for(export, "ldif", "")[0] == "ldap"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("dn: cn=a\nuid: a\n".encode("utf-16"), "export.ldif: Line 1: this is UTF-16"),
        (b"version: 2\n\ndn: cn=a\nuid: a\n", "export.ldif: Line 1: expected version: 1"),
        (b"uid: a\ndn: a=b\n\nuid: b\n", "export.ldif: Line 1: expected dn: in the first line"),
    ],
    ids=["UTF-16", "version 2", "no entry"],
)
def test_an_unreadable_ldif_file_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, said: str
) -> None:
    export = tmp_path / "export.ldif"
    export.write_bytes(content)
    with pytest.raises(click.UsageError, match=said):
        shipped_for(export, "ldif", "")


@pytest.mark.parametrize(
    ("format_", "content", "expected"),
    [("csv", "a,b\n", "okta"), ("ldif", "x: y\n", "expected dn: in the first line")],
)
def test_unknown_columns_are_reported(
    tmp_path: Path, format_: str, content: str, expected: str
) -> None:
    export = tmp_path / "export"
    export.write_text(content, "utf-8")
    with pytest.raises(click.UsageError, match=expected):
        shipped_for(export, format_, "")


@pytest.mark.parametrize(
    ("format_", "content", "mapping", "expected"),
    [
        ("csv", "Login,\u201cJob\u201d,,job\n", {"login": "userName"}, ["\u201cJob\u201d", "job"]),
        ("csv", "Login\n", {"login": "userName"}, []),
        ("csv", "Name\n", {"login": "userName"}, []),
        ("csv", "login\n", {"login": ""}, []),
        (
            "ldif",
            "dn: a=b\nUID: x\nmail: y\n",
            {"dn": "id", "uid": "userName"},
            ["mail"],
        ),
        ("ldif", "dn: a=b\nmail: y\n", {"m": {"path": "userName", "also": ["mail"]}}, ["dn"]),
    ],
)
def test_columns_that_a_mapping_does_not_name_are_known(
    tmp_path: Path, format_: str, content: str, mapping: dict[str, Any], expected: list[str]
) -> None:
    export = tmp_path / "export"
    export.write_text(content, "utf-8")
    assert unmapped(export, format_, {"columns": mapping}) == expected
