"""A directory as one BulkRequest."""

import json
from typing import Any

from scim.schema.loading import shipped_catalogue
from scim.service.transfer.formats.bulk_format import BulkWriter

CATALOGUE = shipped_catalogue()
WRITER = BulkWriter(CATALOGUE)
RESOURCE = {"displayName": "é", "members": [{"value": "u1"}, {"value": "g2"}]}


def operations(*ids: str) -> list[Any]:
    group = CATALOGUE.resource_type("Group")
    assert group is not None
    first = WRITER.first(group, "g1", RESOURCE, set(ids))
    more = WRITER.more(group, "g1", "members", [{"value": "u3"}], set(ids))
    whole = WRITER.beginning() + first + WRITER.between + more + WRITER.end()
    found: list[Any] = json.loads(whole)["Operations"]
    return found


def test_a_resource_is_a_post_and_what_follows_a_patch() -> None:
    made, added = operations("u1", "g2", "u3")
    assert (made["method"], made["path"], made["bulkId"]) == ("POST", "/Groups", "g1")
    assert (added["method"], added["path"]) == ("PATCH", "/Groups/bulkId:g1")
    assert added["data"]["Operations"] == [
        {"op": "add", "path": "members", "value": [{"value": "bulkId:u3"}]}
    ]


def test_ids_that_are_not_in_the_file_stay_what_they_are() -> None:
    made, added = operations("u1")
    assert added["data"]["Operations"][0]["value"] == [{"value": "u3"}]
    assert [each["value"] for each in made["data"]["members"]] == ["bulkId:u1", "g2"]


def test_an_empty_directory_is_a_request_without_operations() -> None:
    assert json.loads(WRITER.beginning() + WRITER.end())["Operations"] == []
