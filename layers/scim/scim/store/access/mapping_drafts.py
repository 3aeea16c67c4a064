"""The draft of a tenant's mapping before it is activated: one draft for each tenant."""

from scim.schema.mapping_draft import MappingDraft
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, packed, packed_object, text
from scim.store.dynamodb.write import Write
from scim.store.keys.access import mapping_draft_key


class MappingDrafts:
    """The drafts of a deployment's tenants, apart from the definitions in force (`D#`)."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, tenant: str) -> MappingDraft | None:
        """Return the draft of a tenant, or None; one consistent read."""
        row = self._table.item(mapping_draft_key(tenant))
        if row is None:
            return None
        return MappingDraft(packed_object(row, "z"), text(row, "at"), text(row, "by"))

    def save(self, tenant: str, draft: MappingDraft) -> None:
        """Store a draft, replacing any earlier one; the last of concurrent writes wins."""
        item: Item = {
            "k": "mappingDraft",
            "s": SCHEMA,
            "z": packed(dict(draft.document)),
            "at": draft.created,
            "by": draft.author,
        }
        self._table.put(mapping_draft_key(tenant), item)

    def remove(self, tenant: str) -> None:
        """Delete the draft of a tenant."""
        self._table.write([Write("Delete", mapping_draft_key(tenant))])
