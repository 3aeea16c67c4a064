"""Tenants' own definitions, by version, and the draft of each tenant's mapping; a stored version never changes.

The head names the version in force: `v` version, `f` fingerprint, `e` the endpoints of its types. An edition
has `z` the documents, `at` its time and `by` the token that wrote it.
"""

from scim.resource.access_path import Direction
from scim.resource.record import Stale
from scim.schema.loading import NO_ADDITIONS, Additions
from scim.schema.tenant_definitions import (
    NO_DEFINITIONS,
    DefinitionVersion,
    MappingDraft,
    kept_definitions,
)
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, packed, packed_object, text
from scim.store.dynamodb.write import ConditionFailed, Write, absent, equals
from scim.store.keys.access import (
    definitions_key,
    definitions_partition,
    edition_key,
    editions_range,
    mapping_draft_key,
)


class StoredDefinitions:
    """The definitions of all tenants; each method sees only one tenant's."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def current(self, tenant: str) -> DefinitionVersion:
        """Return the version in force; version 0, which is empty, if nothing is defined."""
        pk = definitions_partition(tenant)
        rows = self._table.between(pk, editions_range(), Direction.DOWN, 1).items
        return _edition_of(rows[0]) if rows else DefinitionVersion(0, NO_DEFINITIONS)

    def definition_version(self, tenant: str, version: int) -> DefinitionVersion | None:
        """Return one version, None if it is not kept or never existed."""
        row = self._table.item(edition_key(tenant, version))
        return None if row is None else _edition_of(row)

    def history(self, tenant: str) -> list[DefinitionVersion]:
        """Return the versions that are kept, newest first."""
        rows = self._table.rows(definitions_partition(tenant), key_range=editions_range()).items
        return [_edition_of(row) for row in reversed(rows)]

    def additions(self, tenant: str, label: str) -> Additions:
        """Return what a version adds to the tenant's profile; `label` is an edition's.

        If the version is not kept any more, return the additions of the version in force: the same resources
        fit it.
        """
        version, _, _ = label.partition("-")
        definition_version = (
            self.definition_version(tenant, int(version)) if version.isdecimal() else None
        )
        if definition_version is None or definition_version.label != label:
            definition_version = self.definition_version(tenant, self._version(tenant))
        return (
            NO_ADDITIONS
            if definition_version is None
            else definition_version.definitions.additions()
        )

    def put(self, tenant: str, definition_version: DefinitionVersion, most_kept: int) -> None:
        """Put a version into force, and keep only the newest `most_kept` versions.

        Raises Stale if the version in force is not the one before.
        """
        head = Write(
            "Put",
            definitions_key(tenant),
            (
                absent()
                if definition_version.version == 1
                else equals("v", definition_version.version - 1),
            ),
            item={
                "k": "definitions",
                "s": SCHEMA,
                "v": definition_version.version,
                "f": definition_version.definitions.fingerprint,
                "e": " ".join(definition_version.definitions.endpoints),
            },
        )
        item_key = edition_key(tenant, definition_version.version)
        edition = Write("Put", item_key, (absent(),), item=_item_of(definition_version))
        deletions = [
            Write("Delete", edition_key(tenant, earlier.version))
            for earlier in self.history(tenant)
            if earlier.version <= definition_version.version - most_kept
        ]
        try:
            self._table.write([head, edition, *deletions])
        except ConditionFailed as failed_condition:
            raise Stale from failed_condition

    def remove(self, tenant: str) -> None:
        """Delete everything a tenant has defined."""
        item_keys = [definitions_key(tenant)]
        item_keys += [edition_key(tenant, version.version) for version in self.history(tenant)]
        self._table.write([Write("Delete", item_key) for item_key in item_keys])

    def _version(self, tenant: str) -> int:
        row = self._table.item(definitions_key(tenant))
        return 0 if row is None else number(row, "v")


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


def _item_of(definition_version: DefinitionVersion) -> Item:
    return {
        "k": "edition",
        "s": SCHEMA,
        "z": packed(definition_version.definitions.whole()),
        "at": definition_version.created,
        "by": definition_version.author,
    }


def _edition_of(row: Row) -> DefinitionVersion:
    definitions = kept_definitions(packed_object(row, "z"))
    return DefinitionVersion(int(text(row, "sk")), definitions, text(row, "at"), text(row, "by"))
