"""fsck reads for itself which indexes are late."""

import json

from scim.fsck.late_indexes import STORAGE_URN, TYPES, late_in, late_indexes
from scim.schema.resource_type import Index

DOCUMENT = {
    "name": "User",
    STORAGE_URN: {
        "indexes": [
            {"attribute": "userName", "unique": True},
            {"attribute": "title", "late": True},
            {"attribute": "displayName", "late": False},
        ]
    },
}


def test_a_late_index_is_declared_as_such() -> None:
    assert late_in(json.dumps(DOCUMENT)) == [("User", "title")]
    assert Index("title", is_late=True).is_late


def test_a_type_without_indexes_has_no_late_ones() -> None:
    assert late_in('{"name": "Group"}') == []


def test_no_shipped_index_is_late_and_every_document_declares_indexes_in_one_place() -> None:
    assert late_indexes() == frozenset()
    texts = [path.read_text(encoding="utf-8") for path in TYPES.glob("*.json")]
    assert any('"indexes"' in text for text in texts)
    assert all(STORAGE_URN in json.loads(text) for text in texts if '"indexes"' in text)
