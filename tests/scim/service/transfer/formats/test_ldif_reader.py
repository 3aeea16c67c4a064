"""Resources as entries of an LDIF file (RFC 2849)."""

from itertools import pairwise
from typing import Any

import pytest

from scim.errors import InvalidSyntax
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.formats.ldif_format import LdifReader, attributes_in
from scim.service.transfer.formats.ldif_records import attributes_of
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources

WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
COLUMNS: dict[str, Any] = {
    "dn": "id",
    "objectClass": {
        "path": "meta.resourceType",
        "translate": {"computer": "", "person": "User", "group": "Group", "unit": ""},
    },
    "uid": "userName",
    "cn": {"path": ["displayName", "name.formatted"], "first": True},
    "title": "title",
    "mail": "emails.value",
    "manager": f"{WORK}:manager.value",
    "member": "members.value",
}


def reader(**more: object) -> LdifReader:
    mapping = Columns.of_json({"columns": COLUMNS, **more})
    return LdifReader(Resources(shipped_catalogue(), key=mapping.key), mapping)


def read(content: bytes, given: LdifReader | None = None) -> list[BulkOperation]:
    used = given or reader()
    found = list(used.entries(iter([content])))
    assert found == list(used.entries(content[n : n + 1] for n in range(len(content))))
    for each in found:
        assert content[each.start : each.start + len(each.content)] == each.content
    return [used.operation(each.content, n, each.line) for n, each in enumerate(found)]


def one(text: str) -> dict[str, object]:
    (operation,) = read(f"dn: cn=a\nobjectClass: person\n{text}".encode())
    assert operation.fault is None, operation.fault
    return {name: each for name, each in operation.data.items() if name != "schemas"}


def fault(text: str) -> str:
    (operation,) = read(text.encode())
    assert operation.fault is not None, operation.data
    return operation.fault.detail


def test_the_trailer_of_ldapsearch_is_no_entry() -> None:
    entry = "dn: cn=a\nobjectClass: person\nuid: ann\n"
    text = (
        f"# extended LDIF\n#\n\n{entry}\n# search reference\nref: ldap://dc.x/CN=Configuration\n\n"
        "# search result\nsearch: 2\nresult: 0 Success\n\n# numEntries: 1\n"
    )
    assert [each.bulk_id for each in read(text.encode())] == ["cn=a"]
    assert len(read(text.removesuffix("\n# numEntries: 1\n").encode())) == 1


def test_an_incomplete_search_is_reported() -> None:
    text = "dn: cn=a\nobjectClass: person\nuid: ann\n\n# search result\nsearch: 2\n"
    _, end = read(f"{text}result: 4 Size limit exceeded\n\n# numEntries: 1\n".encode())
    assert end.fault is not None
    told = "Line 6: result: 4 Size limit exceeded: the search did not return all entries."
    assert end.fault.detail == told


def test_an_attribute_can_have_other_names() -> None:
    used = reader(columns={**COLUMNS, "member": {"path": "members", "also": ["uniqueMember"]}})
    text = "dn: cn=g\nobjectClass: group\ncn: g\nmember: CN=a\nUNIQUEMEMBER: cn=b\n"
    (made,) = read(text.encode(), used)
    assert made.data["members"] == [{"value": "cn=a"}, {"value": "cn=b"}]


def test_entries_are_people_and_groups_that_name_each_other() -> None:
    content = (
        "version: 1\n\n# people\n#  of the staff\n and more\n"
        "dn: OU=Staff,DC=x\nobjectClass: unit\n\n"
        "dn: CN=Ann,DC=x\nobjectClass: top\nobjectClass: person\nuid: ann\n"
        "cn: Ann\ncn: Ann B\nmail: a@x\nmail: a;b@y\nManager: cn=Bob, dc=X\n\n\n"
        "dn: cn=pc,dc=x\nobjectClass: person\nobjectClass: computer\nuid: pc$\n\n"
        "dn: cn=g,dc=x\nobjectClass: group\ncn: Staff\nmember: cn=ANN,dc=x\n"
        "member: cn=Bob,dc=x\n"
    )
    ann, group = read(content.encode())
    assert (ann.method, ann.bulk_id, ann.line) == (Method.POST, "cn=ann,dc=x", 9)
    assert ann.data["name"] == {"formatted": "Ann"}
    assert ann.data["emails"] == [{"value": "a@x"}, {"value": "a;b@y"}]
    assert ann.data[WORK] == {"manager": {"value": "cn=bob,dc=x"}}
    assert (group.segment, group.data["displayName"]) == ("Groups", "Staff")
    assert group.data["members"] == [{"value": "cn=ann,dc=x"}, {"value": "cn=bob,dc=x"}]
    linked = reader().linked(group, {"cn=ann,dc=x"}).data["members"]
    assert linked == [{"value": "bulkId:cn=ann,dc=x"}, {"value": "cn=bob,dc=x"}]


VALUES = {
    "plain": ("uid: ann", "ann"),
    "without a space": ("uid:ann", "ann"),
    "more spaces in front": ("uid:   ann", "ann"),
    "folded": ("uid: an\n n\n a", "anna"),
    "folded within the name": ("ui\n d: ann", "ann"),
    "a space that is folded": ("uid: ann\n  b", "ann b"),
    "base64": ("uid:: w4RubmU=", "Änne"),
    "base64 that is folded": ("uid:: w4Ru\n bmU=", "Änne"),
    "a comment between": ("# no\n  thing\nuid: ann", "ann"),
    "a colon in it": ("uid: a:b", "a:b"),
    "UTF-8 as it is": ("uid: Änne", "Änne"),
    "carriage returns": ("uid: ann\r", "ann"),
    "the name in capitals": ("UID: ann", "ann"),
}


@pytest.mark.parametrize(("text", "expected"), VALUES.values(), ids=VALUES)
def test_values_are_read_according_to_rfc_2849(text: str, expected: str) -> None:
    assert one(text) == {"userName": expected}


def test_unmapped_attributes_may_have_any_form() -> None:
    text = "uid: a\njpegPhoto:< file:///etc/passwd\ncert;binary:: /w==\ncn;lang-de: x\nx: "
    assert one(text) == {"userName": "a"}


@pytest.mark.parametrize("path", ["x509Certificates", 'x509Certificates[type eq "work"].value'])
def test_a_binary_attribute_takes_bytes_as_base64(path: str) -> None:
    used = reader(columns={**COLUMNS, "cert;binary": {"path": path, "separator": ";"}})
    text = "dn: cn=a\nobjectClass: person\nuid: a\n"
    # bytes that are no text, bytes that are one, and base64 that is not encoded once more
    text += "cert;binary:: MI\n L/\ncert;binary:: QUJD\ncert;binary: REVG\n"
    (made,) = read(text.encode(), used)
    assert made.fault is None, made.fault
    (values,) = (value for name, value in made.data.items() if name.startswith("x509"))
    assert [value["value"] for value in values] == ["MIL/", "QUJD", "REVG"]


FAULTS = {
    "a change": ("dn: cn=a\nchangetype: delete\n", "Line 1: changetype: delete is a change"),
    "a change behind a control": (
        "dn: cn=a\ncontrol: 1.2 true\nchangetype: modify\nreplace: cn\ncn: b\n-\n",
        "Line 1: changetype: modify is a change",
    ),
    "a new name": ("dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\n", "modrdn is a change"),
    "no dn": ("uid: ann\n", "Line 1: expected dn: in the first line"),
    "no colon": ("dn: cn=a\nobjectClass\n", "in line 2 expected an attribute and a colon"),
    "no base64": ("dn: cn=a\nuid:: a*b=\n", "uid: in line 2 expected base64"),
    "a continuation of nothing": (" dn: cn=a\n", "begins with a space"),
    "a value behind a URL": (
        "dn: cn=a\nobjectClass: person\nuid:< file:///etc/passwd\n",
        "uid: values at a URL are not fetched",
    ),
    "bytes that are no text": ("dn: cn=a\nobjectClass: person\nuid:: /w==\n", "uid: This is not"),
    "several values for one": (
        "dn: cn=a\nobjectClass: person\nuid: a\ntitle: b\ntitle: c\n",
        "Column title: 2 values, and title takes one; first: true",
    ),
    "an unknown class": ("dn: cn=a\nobjectClass: x\n", "expected one of computer, person"),
    "some values only": (
        "dn: cn=a\nobjectClass: group\ncn: g\nmember;range=0-1499: cn=b\n",
        "member;range=0-1499: only some values",
    ),
}


@pytest.mark.parametrize(("text", "expected"), FAULTS.values(), ids=FAULTS)
def test_an_unreadable_record_costs_no_other(text: str, expected: str) -> None:
    assert expected in fault(text)
    _, next_ = read(f"{text}\n\ndn: cn=b\nobjectClass: person\nuid: b\n".encode())
    assert next_.fault is None


@pytest.mark.parametrize("between", ["", " ", "\t", "  \n \t", "\n", "# b\n \n"])
def test_another_dn_begins_another_record(between: str) -> None:
    record = "dn: cn=a\nobjectClass: person\nuid: {}\n"
    content = f"{record.format('a')}{between}\n{record.format('b')}{between}".replace("\n\n", "\n")
    made = read(content.encode())
    assert [(each.fault, each.data.get("userName")) for each in made] == [(None, "a"), (None, "b")]


@pytest.mark.parametrize("lines", [" \n", " \n\t\n\n", "\n  \n\n", "# a\n\n \n"])
def test_lines_of_spaces_are_no_record(lines: str) -> None:
    record = "dn: cn=a\nobjectClass: person\nuid: a\n"
    (made,) = read(f"{lines}version: 1\n{lines}{record}\n{lines}".encode())
    assert (made.fault, made.data.get("userName")) == (None, "a")
    assert read(lines.encode()) == []


def test_a_record_whose_dn_is_not_first_is_refused_whole() -> None:
    assert "expected dn: in the first line" in fault("objectClass: person\ndn: cn=a\nuid: a\n")


def test_an_added_entry_is_an_entry() -> None:
    (made,) = read(b"dn: cn=a\nchangetype: add\nobjectClass: person\nuid: ann\n")
    assert made.data["userName"] == "ann"


def test_the_last_part_of_all_values_is_all() -> None:
    (made,) = read(b"dn: cn=a\nobjectClass: group\ncn: g\nmember;range=0-*: cn=b\n")
    assert made.data["members"] == [{"value": "cn=b"}]


def test_references_by_another_attribute_are_no_names_of_entries() -> None:
    given = reader(key="userName", columns={**COLUMNS, "member": {"path": "members"}})
    (group,) = read(b"dn: cn=g\nobjectClass: group\ncn: g\nmember: Ann, B\n", given)
    assert group.data["members"] == [{"value": "Ann, B"}]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"version: 2\n\ndn: x=1\n", "Line 1: expected version: 1"),
        ("dn: x=1\n".encode("utf-16"), "Line 1: this is UTF-16"),
        (b"dn: x=1\ruid: a\r", "Line 1: the lines end with CR"),
    ],
    ids=["version 2", "UTF-16", "CR"],
)
def test_a_file_that_is_no_ldif_is_refused_as_a_whole(content: bytes, expected: str) -> None:
    with pytest.raises(InvalidSyntax, match=expected):
        list(reader().entries(iter([content])))


def test_a_mark_and_a_version_are_no_part_of_the_first_record() -> None:
    content = b"\xef\xbb\xbfversion: 1\ndn: cn=a\nobjectClass: person\nuid: ann\n"
    (made,) = read(content)
    assert (made.line, made.data["userName"]) == (2, "ann")


def test_the_attributes_of_a_beginning_are_those_of_its_readable_entries() -> None:
    content = b"""dn: a=1
changetype: delete

dn: a=2
UID: x
jpegPhoto:< file:///photo
objectClass: Top

dn: a=3
objectClass: Top
mail"""
    known = attributes_in(iter([content]))
    assert known.names == {"dn", "uid", "jpegphoto", "objectclass"}
    assert known.classes == {frozenset({"top"}): 1}


def test_lines_count_through_folds_and_blank_lines() -> None:
    records = "\n\n\n".join(f"dn: cn={n}\nobjectClass: person\nuid: a\n  {n}" for n in range(9))
    lines = [each.line or 0 for each in read(records.encode())]
    assert [after - before for before, after in pairwise(lines)] == [6] * 8


def test_an_attribute_with_several_values_can_be_one_kind_of_element() -> None:
    phone = {"path": 'phoneNumbers[type eq "work"].value', "separator": ";"}
    given = reader(columns={**COLUMNS, "telephoneNumber": phone})
    content = (
        b"dn: cn=a\nobjectClass: person\nuid: a\ntelephoneNumber: +1\ntelephoneNumber: +2; 3\n"
    )
    (made,) = read(content, given)
    assert made.data['phoneNumbers[type eq "work"]'] == [
        {"type": "work", "value": "+1"},
        {"type": "work", "value": "+2; 3"},
    ]


@pytest.mark.timeout(10)
def test_a_value_folded_into_many_lines_is_joined_in_linear_time() -> None:
    folds = 800_000
    (uid, mail) = attributes_of(b"dn: uid=ann\nmail: a" + b"\n b" * folds + b"\n", 1)
    assert (uid.name, len(mail.text)) == ("dn", 1 + folds)
