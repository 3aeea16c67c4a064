"""A BulkRequest read operation by operation, from pieces of any size."""

import json
from collections.abc import Iterator

import pytest

from scim.errors import InvalidSyntax, PayloadTooLarge, ScimError
from scim.profile import Profile
from scim.profile.shipped import shipped
from scim.schema.loading import shipped_catalogue
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.request import bulk_of
from scim.service.transfer.formats.bulk_format import BulkReader
from scim.service.transfer.port import FileEntry
from tests.fakes.operations import group, managed, user

OPERATIONS = [user("ann", title='é "[{'), group("staff", "ann", "bob"), managed("bob", "ann")]
BODY = {"schemas": [BULK_REQUEST_URN], "failOnErrors": 3, "Operations": OPERATIONS, "more": [{}]}


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def entries(reader: BulkReader, content: bytes, size: int = 1000) -> list[FileEntry]:
    return list(reader.entries(pieces(content, size)))


@pytest.mark.parametrize("size", [1, 2, 7, 100, 10_000])
@pytest.mark.parametrize("indent", [None, 2])
def test_operations_are_those_of_the_request_at_once(size: int, indent: int | None) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(BODY, indent=indent, ensure_ascii=False).encode()
    reader = BulkReader(Profile(), shipped_catalogue())
    found = entries(reader, content, size)
    read = [reader.operation(each.content, n, each.line) for n, each in enumerate(found)]
    at_once = bulk_of(BODY, Profile(), 100).operations
    assert [(each.data, each.bulk_id, each.segment) for each in read] == [
        (each.data, each.bulk_id, each.segment) for each in at_once
    ]
    assert [content[each.start :].startswith(each.content) for each in found] == [True] * 3
    assert [content[: each.start].count(b"\n") + 1 for each in found] == [
        each.line for each in found
    ]
    assert reader.fail_on_errors == 3
    assert reader.names(read[1]) == {"ann", "bob"}
    assert reader.linked(read[1], {"ann"}) == read[1]


ADDED = {"op": "add", "path": "members", "value": [{"value": "ann"}]}


@pytest.mark.parametrize(
    ("more", "changes", "is_addition"),
    [
        ({}, [ADDED, ADDED], True),
        ({"path": "/Groups/2819c223"}, [ADDED], False),
        ({"method": "PUT"}, [ADDED], False),
        ({"version": 'W/"1"'}, [ADDED], False),
        ({}, [ADDED, {**ADDED, "op": "remove"}], False),
        ({}, [{**ADDED, "path": "displayName", "value": ["staff"]}], False),
        ({}, [{**ADDED, "path": 'members[value eq "x"]'}], False),
        ({}, [{"op": "add", "value": {"members": [{"value": "ann"}]}}], False),
        ({}, [], False),
        ({}, [7], False),
    ],
)
def test_patches_that_only_add_members_to_a_new_group_are_known(
    more: dict[str, str], changes: list[object], is_addition: bool
) -> None:
    reader = BulkReader(Profile(), shipped_catalogue())
    sent = {"method": "PATCH", "path": "/Groups/bulkId:staff", "data": {"Operations": changes}}
    operation = reader.operation(json.dumps({**sent, **more}).encode(), 0, 1)
    assert reader.addition(operation, "staff") == (operation if is_addition else None)


def test_a_number_of_thousands_of_digits_is_the_fault_of_its_operation_alone() -> None:
    reader = BulkReader(Profile(), shipped_catalogue())
    bad = b'{"method":"POST","path":"/Users","bulkId":"a","data":{"title":%s}}' % (b"9" * 5000)
    content = b'{"schemas":["%s"],"Operations":[%s,{}]}' % (BULK_REQUEST_URN.encode(), bad)
    assert len(entries(reader, content)) == 2
    assert "20 digits" in str(reader.operation(bad, 0, 1).fault)


def test_names_of_members_have_no_case() -> None:
    reader = BulkReader(Profile(), shipped_catalogue())
    found = entries(
        reader, json.dumps({"SCHEMAS": [BULK_REQUEST_URN], "operations": [{}]}).encode()
    )
    assert len(found) == 1
    assert reader.fail_on_errors == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "something else than {"),
        (b"[{}]", "Line 1: the file has something else than {, an array. .*ndjson"),
        (b'{"totalResults":1,"Resources":[{', "a list of resources, no BulkRequest.*ndjson"),
        (b"[]", "something else than {"),
        (b"{}", "it has nothing, and no Operations"),
        (
            b'{"realm":"x","users":[{"a":1}]}',
            "it has realm, users, and no Operations.*converted to ndjson",
        ),
        (b'{"Operations":3}', r"something else than \["),
        (b'{"Operations":[] "x":1}', "something else than ,"),
        (b'{"Operations":[],"operations":[]}', "twice"),
        (b'{"Operations":[],7:1}', "else than a name"),
        (b'{"Operations":[{},]}', "no JSON"),
        (b'{"Operations":[{"a":', "ends half way"),
        (b'{"Operations":[]', "something else than ,"),
        (b'{"Operations":[]}\n7', "Line 2: .* more behind its end"),
        (b'{"Operations":[],"schemas":["other"]}', "BulkRequest"),
        (b'{"Operations":[],"failOnErrors":"x"}', "failOnErrors"),
        (b'\n\n{"Operations":[\n{"a" 1}]}', "Line 4"),
        (b'{"a":"\xff"}', "UTF-8"),
    ],
)
def test_a_file_that_is_no_bulk_request_is_refused_as_a_whole(content: bytes, said: str) -> None:
    with pytest.raises(InvalidSyntax, match=said):
        entries(BulkReader(Profile(), shipped_catalogue()), content)


def test_something_without_an_end_does_not_fill_the_memory() -> None:
    endless = (b'{"a":"' if n == 0 else b"x" * 1_000_000 for n in range(1_000))
    with pytest.raises(PayloadTooLarge, match="Line 1"):
        list(BulkReader(Profile(), shipped_catalogue()).entries(endless))


@pytest.mark.parametrize("content", [b'{"method":"POST","method":"PUT"}', b"3", b'{"a":1,"A":2}'])
def test_a_broken_operation_has_a_fault_with_its_line(content: bytes) -> None:
    fault = BulkReader(Profile(), shipped_catalogue()).operation(content, 4, 9).fault
    assert isinstance(fault, ScimError)
    assert fault.detail.startswith("Line 9: ")


def test_one_operation_as_an_object_is_a_list_of_one_where_that_is_tolerated() -> None:
    content = json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": user("ann")}).encode()

    (found,) = entries(BulkReader(shipped("default"), shipped_catalogue()), content)
    assert json.loads(found.content) == user("ann")
    with pytest.raises(InvalidSyntax, match=r"something else than \["):
        entries(BulkReader(shipped("rfc"), shipped_catalogue()), content)
