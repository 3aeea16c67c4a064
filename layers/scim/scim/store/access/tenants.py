"""Tenants: the operator's settings for each, and the names of all."""

from scim.access.tenant import TENANT_NAME, NameTaken, Tenant
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, Value, number, text
from scim.store.dynamodb.write import ConditionFailed, Write, absent, exists
from scim.store.keys.access import (
    definitions_key,
    mapping_draft_key,
    name_key,
    names_partition,
    onboarding_key,
    settings_key,
)


class Tenants:
    """The tenants of a deployment."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, name: str) -> Tenant | None:
        """Return the tenant of that name, or None; one round trip, including its definitions."""
        if TENANT_NAME.fullmatch(name) is None:
            return None
        item_keys = [settings_key(name), definitions_key(name)]
        rows = {text(row, "k"): row for row in self._table.items(item_keys)}
        row, head = rows.get("settings"), rows.get("definitions")
        if row is None:
            return None
        return Tenant(
            name=text(row, "name"),
            created_at=text(row, "at"),
            profile=text(row, "profile"),
            schemes=tuple(text(row, "schemes").split()),
            rate=number(row, "rate") if "rate" in row else None,
            suspended_at=text(row, "suspended") if "suspended" in row else None,
            definitions="" if head is None else _label_in(head),
            endpoints=() if head is None else _endpoints_in(head),
        )

    def names(self) -> list[str]:
        """Return the names of all tenants in order."""
        return [text(row, "sk") for row in self._table.rows(names_partition()).items]

    def create(self, tenant: Tenant) -> None:
        """Store a new tenant. Raises NameTaken if one of that name exists.

        What the setup portal stored for an earlier one while that was deleted is removed.
        """
        name = Write("Put", name_key(tenant.name), item={"k": "tenantName", "s": SCHEMA})
        leftovers = onboarding_key(tenant.name), mapping_draft_key(tenant.name)
        removals = [Write("Delete", item_key) for item_key in leftovers]
        try:
            self._table.write([_put(tenant), name, *removals])
        except ConditionFailed as failed_condition:
            raise NameTaken from failed_condition

    def change(self, known: Tenant, changed: Tenant) -> None:
        """Store what differs between two states of a tenant. Raises Stale if it has been deleted.

        Other attributes keep what others store in them meanwhile: a new rate does not end a suspension.
        """
        old_attributes, new_attributes = _held(known), _held(changed)
        sets = {
            name: value
            for name, value in new_attributes.items()
            if old_attributes.get(name) != value
        }
        removes = tuple(name for name in old_attributes if name not in new_attributes)
        if not sets and not removes:
            return
        update = Write(
            "Update", settings_key(changed.name), (exists(),), sets=sets, removes=removes
        )
        try:
            self._table.write([update])
        except ConditionFailed as failed_condition:
            raise failed_condition.cause() from failed_condition

    def remove(self, name: str) -> None:
        """Delete a tenant's settings and the progress of its setup: its tokens are invalid from now on.

        Its directory stays.
        """
        item_keys = (settings_key(name), name_key(name), onboarding_key(name))
        self._table.write([Write("Delete", item_key) for item_key in item_keys])


def _put(tenant: Tenant) -> Write:
    item = {"k": "settings", "s": SCHEMA, **_held(tenant)}
    return Write("Put", settings_key(tenant.name), (absent(),), item=item)


def _held(tenant: Tenant) -> Item:
    values: dict[str, Value | None] = {
        "name": tenant.name,
        "at": tenant.created_at,
        "profile": tenant.profile,
        "schemes": " ".join(tenant.schemes),
        "rate": tenant.rate,
        "suspended": tenant.suspended_at,
    }
    return {name: value for name, value in values.items() if value is not None}


def _label_in(head: Row) -> str:
    """Return the label of the version in force."""
    return f"{number(head, 'v')}-{text(head, 'f')}"


def _endpoints_in(head: Row) -> tuple[str, ...]:
    """Return the endpoints of the types in force."""
    return tuple(text(head, "e").split())
