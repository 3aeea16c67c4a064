"""Resources as lines of JSON."""

import pytest

from scim.errors import InvalidSyntax
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.request import Method
from scim.service.transfer.formats.ndjson_format import NdjsonReader
from scim.service.transfer.operations import Resources

READER = NdjsonReader(Resources(shipped_catalogue()))
CONTENT = b"""
{"id":"a","meta":{"resourceType":"User"},"userName":"a"}

{"id":"g","meta":{"resourceType":"Group"},"displayName":"g","members":[{"value":"a"}]}
{"id":"""


def test_every_line_that_is_not_empty_is_an_operation() -> None:
    found = list(READER.entries(iter([CONTENT])))
    assert [(each.line, CONTENT[each.start :][: len(each.content)]) for each in found] == [
        (each.line, each.content) for each in found
    ]
    operations = [READER.operation(each.content, n, each.line) for n, each in enumerate(found)]
    assert [(each.line, each.method, each.bulk_id) for each in operations] == [
        (2, Method.POST, "a"),
        (4, Method.POST, "g"),
        (5, None, None),
    ]
    assert READER.names(operations[1]) == {"a"}
    assert READER.linked(operations[1], {"a"}).data["members"] == [{"value": "bulkId:a"}]
    assert "Line 5: This is not valid JSON" in str(operations[2].fault)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'\n[{"userName":"a"},\n{"userName":"b"}]', "Line 2: this is an array"),
        (b'\xef\xbb\xbf{\r\n "userName": "a"\r\n}', "Line 1: an object goes over several lines"),
        ('{"userName":"a"}'.encode("utf-16"), "Line 1: this is UTF-16"),
        ('{"userName":"a"}'.encode("utf-16-le"), "Line 1: this is UTF-16"),
    ],
)
def test_a_file_that_has_no_resource_a_line_is_refused_once(content: bytes, said: str) -> None:
    with pytest.raises(InvalidSyntax, match=said):
        list(READER.entries(iter([content])))


@pytest.mark.parametrize("name", ["Resources", "operations"])
def test_a_message_is_no_resource(name: str) -> None:
    operation = READER.operation(b'{"schemas":["x"],"%s":[]}' % name.encode(), 0, 1)
    assert "it is a message, no resource" in str(operation.fault)


def test_an_ndjson_file_has_no_error_limit() -> None:
    assert (READER.fail_on_errors, READER.opening) == (None, ())
