"""What is written of a resource in each format can be read again."""

from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.profile import Profile
from scim.resource.job import Format
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.request import Method
from scim.service.transfer.mapping import Columns
from scim.service.transfer.registry import reader_of, writer_of

CATALOGUE = shipped_catalogue()
MAPPING = Columns.of_json(
    {
        "columns": {
            "kind": "meta.resourceType",
            "key": "id",
            "label": "displayName",
            "in": "members.value",
            "as": "members.type",
        }
    }
)
RESOURCE = {
    "displayName": 'staff, "all"\nof it',
    "members": [{"value": "u1", "type": "User"}, {"value": "g2", "type": "Group"}],
}
MORE: list[dict[str, object]] = [{"value": "u3", "type": "User"}]


def written_in(format_: Format) -> bytes:
    writer = writer_of(format_, CATALOGUE, MAPPING)
    group = CATALOGUE.resource_type("Group")
    assert group is not None
    return b"".join(
        (
            writer.beginning(),
            writer.first(group, "g1", RESOURCE, {"u1", "g2"}),
            writer.between,
            writer.more(group, "g1", "members", MORE, {"u3"}),
            writer.end(),
        )
    )


@pytest.mark.parametrize("format_", [format_ for format_ in Format if format_.is_written])
def test_every_written_format_can_be_read(format_: Format) -> None:
    reader = reader_of(format_, CATALOGUE, Profile(), MAPPING)
    entries = list(reader.entries(iter([written_in(format_)])))
    known = {"g1", "u1", "g2", "u3"}
    made, added = (
        reader.linked(reader.operation(each.content, n, each.line), known)
        for n, each in enumerate(entries)
    )
    assert (made.method, made.segment, made.bulk_id) == (Method.POST, "Groups", "g1")
    assert made.data["displayName"] == RESOURCE["displayName"]
    assert made.data["members"] == named("u1", "g2")
    assert (added.method, added.segment, added.id) == (Method.PATCH, "Groups", "bulkId:g1")
    operations: Any = added.data["Operations"]
    assert operations == [{"op": "add", "path": "members", "value": named("u3")}]


def named(*ids: str) -> list[dict[str, str]]:
    kinds = {"u": "User", "g": "Group"}
    return [{"value": f"bulkId:{id_}", "type": kinds[id_[0]]} for id_ in ids]


def test_a_csv_file_needs_a_mapping() -> None:
    with pytest.raises(InvalidValue, match="mapping is missing"):
        writer_of(Format.CSV, CATALOGUE, None)
    with pytest.raises(InvalidValue, match="mapping is missing"):
        reader_of(Format.CSV, CATALOGUE, Profile(), None)
