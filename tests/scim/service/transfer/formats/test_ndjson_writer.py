"""A directory as lines of JSON."""

import json

from scim.schema.loading import shipped_catalogue
from scim.service.transfer.formats.ndjson_format import NdjsonWriter

WRITER = NdjsonWriter()


def test_a_resource_is_a_line_and_so_is_what_follows() -> None:
    group = shipped_catalogue().resource_type("Group")
    assert group is not None
    first = WRITER.first(group, "g1", {"displayName": "a\nb"}, set())
    more = WRITER.more(group, "g1", "members", [{"value": "u1"}], set())
    whole = WRITER.beginning() + first + WRITER.between + more + WRITER.end()
    assert [json.loads(line) for line in whole.splitlines()] == [
        {"id": "g1", "displayName": "a\nb", "meta": {"resourceType": "Group"}},
        {"id": "g1", "members": [{"value": "u1"}], "meta": {"resourceType": "Group"}},
    ]
