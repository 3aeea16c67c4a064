"""What writers of all formats have in common."""

import pytest

from scim.errors import InvalidValue
from scim.profile import Profile
from scim.resource.job import Format
from scim.schema.loading import shipped_catalogue
from scim.service.transfer.mapping import Columns
from scim.service.transfer.port import Writer
from scim.service.transfer.registry import reader_of, writer_of

MAPPING = Columns.of_json({"columns": {"label": "displayName", "kind": "meta.resourceType"}})


@pytest.mark.parametrize("format_", [format_ for format_ in Format if format_.is_written])
@pytest.mark.parametrize("number", [0, 1, 3])
def test_any_number_of_resources_is_a_file(format_: Format, number: int) -> None:
    writer: Writer = writer_of(format_, shipped_catalogue(), MAPPING)
    group = shipped_catalogue().resource_type("Group")
    assert group is not None
    resources = (
        writer.first(group, f"g{n}", {"displayName": f"group {n}"}, set()) for n in range(number)
    )
    whole = writer.beginning() + writer.between.join(resources) + writer.end()
    reader = reader_of(format_, shipped_catalogue(), Profile(), MAPPING)
    entries = list(reader.entries(iter([whole])))
    assert [reader.operation(e.content, n, e.line).fault for n, e in enumerate(entries)] == [
        None
    ] * number


def test_ldif_is_read_only() -> None:
    with pytest.raises(InvalidValue, match="expected bulk, ndjson or csv"):
        writer_of(Format.LDIF, shipped_catalogue(), MAPPING)
