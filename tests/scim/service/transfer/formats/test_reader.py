"""What readers of all formats have in common."""

import pytest

from scim.profile import Profile
from scim.resource.job import Format
from scim.schema.loading import shipped_catalogue
from scim.service.transfer.mapping import Columns
from scim.service.transfer.port import FileEntry, Reader
from scim.service.transfer.registry import reader_of

FILES = {
    Format.BULK: b'{"Operations":[\n{"method":"DELETE","path":"/Users/1"},\n{"method":"X"}]}',
    Format.NDJSON: b'{"meta":{"resourceType":"User"},"userName":"a"}\n{"userName":"b"}\n',
    Format.CSV: b"login,on\na,true\nb,perhaps\n",
    Format.LDIF: b"dn: x=1\nlogin: a\non: true\n\ndn: x=2\nlogin: b\non: perhaps\n",
}
MAPPING = Columns.of_json(
    {"resourceType": "User", "columns": {"login": "userName", "on": "active"}}
)


def reader_for(format_: Format) -> Reader:
    return reader_of(format_, shipped_catalogue(), Profile(), MAPPING)


@pytest.mark.parametrize("format_", list(Format))
def test_an_entry_is_read_by_itself(format_: Format) -> None:
    content = FILES[format_]
    reader = reader_for(format_)
    entries = list(reader.entries(content[n : n + 1] for n in range(len(content))))
    assert entries == list(reader_for(format_).entries(iter([content])))
    for entry in entries:
        assert isinstance(entry, FileEntry)
        assert content[entry.start : entry.start + len(entry.content)] == entry.content
    good, bad = (reader.operation(each.content, 0, each.line) for each in entries)
    assert good.fault is None
    assert bad.fault is not None
