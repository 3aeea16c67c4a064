"""Links to a tenant's setup portal and to the console: each link opens one session, once.

Of a link's secret only the SHA-256 is kept, as with tokens. A link's use and its session are written in one
transaction, so only one of two browsers with the same link gets in.
"""

from collections.abc import Mapping
from contextlib import suppress

from scim.access.setup_link import ConsoleSession, SetupLink
from scim.moments import seconds_of
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, text
from scim.store.dynamodb.write import Condition, ConditionFailed, Write, absent, exists
from scim.store.keys.access import (
    access_range,
    link_name_key,
    links_partition,
    session_key,
    setup_link_key,
)

PURPOSE = "setup"
_KEPT = 30 * 86_400
"""Seconds for which an expired link stays listed, so that a late visitor learns why it does not open."""


class SetupLinks:
    """The links of a deployment, and the sessions they have opened."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def save(self, link_hash: str, link: SetupLink) -> None:
        """Store a link under its hash, and in the list of its tenant or of the console."""
        self._table.write(_link_saved(link_hash, link))

    def find(self, link_hash: str) -> SetupLink | None:
        """Return the link with that hash, or None; one consistent read."""
        row = self._table.item(setup_link_key(link_hash))
        return None if row is None else _link_of(row)

    def of_tenant(self, tenant: str) -> Mapping[str, SetupLink]:
        """Return a tenant's links by their hash, oldest first; with an empty name those to the console."""
        names = self._table.rows(links_partition(tenant), key_range=access_range(PURPOSE))
        item_keys = [setup_link_key(text(row, "h")) for row in names.items]
        rows = self._table.items(item_keys) if item_keys else []
        links = {text(row, "pk").partition("#")[2]: _link_of(row) for row in rows}
        return dict(sorted(links.items(), key=lambda hash_and_link: hash_and_link[1].created_at))

    def revoke(self, link_hash: str, now: str) -> None:
        """Revoke a link and, at its next request, the session that it opened; one that is forgotten stays so."""
        is_there = Write("Update", setup_link_key(link_hash), (exists(),), sets={"revoked": now})
        with suppress(ConditionFailed):
            self._table.write([is_there])

    def exchange(self, session_hash: str, session: ConsoleSession) -> bool:
        """Open the session by its link. Tell whether the link existed, was open and unused."""
        opened = Write(
            "Update",
            setup_link_key(session.link_hash),
            (
                exists(),
                absent("used"),
                absent("revoked"),
                Condition("{n} > {v}", "expires", session.created_at),
            ),
            sets={"used": session.created_at},
        )
        item = _item_of_session(session)
        try:
            self._table.write([opened, Write("Put", session_key(session_hash), item=item)])
        except ConditionFailed:
            return False
        return True

    def begin(self, session_hash: str, session: ConsoleSession, link: SetupLink) -> None:
        """Store the session of a person who has signed in, and its link."""
        item = _item_of_session(session)
        put = Write("Put", session_key(session_hash), item=item)
        self._table.write([*_link_saved(session.link_hash, link), put])

    def session(self, session_hash: str) -> ConsoleSession | None:
        """Return the session with that hash, or None; one consistent read."""
        row = self._table.item(session_key(session_hash))
        if row is None:
            return None
        details = (text(row, name) if name in row else "" for name in ("person", "terms"))
        return ConsoleSession(text(row, "link"), text(row, "at"), text(row, "expires"), *details)

    def end(self, session_hash: str) -> None:
        """Delete a session."""
        self._table.write([Write("Delete", session_key(session_hash))])


def _link_saved(link_hash: str, link: SetupLink) -> list[Write]:
    ends = seconds_of(link.expires_at) + _KEPT
    name: Item = {"k": "setupLinkName", "s": SCHEMA, "h": link_hash, "ttl": ends}
    return [
        Write("Put", setup_link_key(link_hash), item={**_item_of(link), "ttl": ends}),
        Write("Put", link_name_key(link.tenant, link.link_id), item=name),
    ]


def _item_of_session(session: ConsoleSession) -> Item:
    details = {"person": session.person, "terms": session.terms}
    return {
        "k": "session",
        "s": SCHEMA,
        "link": session.link_hash,
        "at": session.created_at,
        "expires": session.expires_at,
        "ttl": seconds_of(session.expires_at),
        **{name: value for name, value in details.items() if value},
    }


def _item_of(link: SetupLink) -> Item:
    values = {
        "id": link.link_id,
        "tenant": link.tenant or None,
        "at": link.created_at,
        "expires": link.expires_at,
        "contact": link.contact or None,
        "used": link.used_at,
        "revoked": link.revoked_at,
        "person": link.person or None,
    }
    attributes = {name: value for name, value in values.items() if value is not None}
    return {"k": "setupLink", "s": SCHEMA, "seconds": link.session_seconds, **attributes}


def _link_of(row: Row) -> SetupLink:
    return SetupLink(
        link_id=text(row, "id"),
        tenant=text(row, "tenant") if "tenant" in row else "",
        created_at=text(row, "at"),
        expires_at=text(row, "expires"),
        session_seconds=number(row, "seconds"),
        contact=text(row, "contact") if "contact" in row else "",
        used_at=text(row, "used") if "used" in row else None,
        revoked_at=text(row, "revoked") if "revoked" in row else None,
        person=text(row, "person") if "person" in row else "",
    )
