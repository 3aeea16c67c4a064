"""The progress of a tenant's setup: its provider, a mail address, and when it was activated."""

from dataclasses import dataclass, fields

from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, text
from scim.store.keys.access import onboarding_key

_NAMES = {"provider": "idp", "mail": "mail", "activated_at": "active"}


@dataclass(frozen=True, slots=True)
class Onboarding:
    """What the setup portal stores for a tenant; a field is empty until it is known.

    `provider` is the name of one of the portal's data files, `mail` the address of the person who maintains
    the connection, `activated_at` the time when somebody reviewed it (RFC 3339 in UTC).
    """

    provider: str = ""
    mail: str = ""
    activated_at: str = ""


class Onboardings:
    """The setups of a deployment's tenants."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, tenant: str) -> Onboarding:
        """Return the progress of a tenant's setup; one consistent read."""
        row = self._table.item(onboarding_key(tenant)) or {}
        return Onboarding(**{field: text(row, n) for field, n in _NAMES.items() if n in row})

    def save(self, tenant: str, onboarding: Onboarding, now: str) -> None:
        """Store the progress; the last of concurrent writes wins."""
        values = {
            _NAMES[field.name]: str(getattr(onboarding, field.name)) for field in fields(onboarding)
        }
        attributes = {name: value for name, value in values.items() if value}
        item: Item = {"k": "onboarding", "s": SCHEMA, "at": now, **attributes}
        self._table.put(onboarding_key(tenant), item)
