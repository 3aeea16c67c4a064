"""Credentials and settings of tenants: each is listed where it is looked up, and lists name only existing ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from scim.fsck.item import Item
from scim.fsck.table import Items
from scim.fsck.violation import Violation, deleted, put


def tokens(items: Items) -> Iterator[str]:
    """Yield tokens that are not listed under their tenant, and listed tokens that do not exist."""
    there = {(t.held["tenant"], t.held["id"]): t.parts[1] for t in items.of["token"]}
    listed = {
        (name.tenant, name.sk.partition("#")[2]): name.held["h"] for name in items.of["tokenName"]
    }
    for tenant, token_id in sorted(there.keys() | listed.keys()):
        has, says = there.get((tenant, token_id)), listed.get((tenant, token_id))
        if has == says:
            continue
        item_key = f"TENANT#{tenant}", f"token#{token_id}"
        mend = [put(*item_key, "tokenName", h={"S": has})] if has and not says else []
        if says and not has:
            mend = [deleted(*item_key, h={"S": says})]
        yield Violation(
            f"token {token_id} of {tenant}: the token and the tenant's list differ", *mend
        )


def clients(items: Items) -> Iterator[str]:
    """Yield OAuth clients that are not listed under their tenant, and listed ones that do not exist."""
    there = {(item.held["tenant"], item.held["client"]) for item in items.of["client"]}
    listed = {(name.tenant, name.held["client"]) for name in items.of["clientName"]}
    for tenant, client in sorted(there ^ listed):
        item_key = f"TENANT#{tenant}", f"client#{client}"
        seen: dict[str, Any] = {"client": {"S": client}}
        is_there = (tenant, client) in there
        mend = put(*item_key, "clientName", **seen) if is_there else deleted(*item_key, **seen)
        yield Violation(f"client {client} of {tenant}: there or listed, not both", mend)


def issuers(items: Items) -> Iterator[str]:
    """Yield issuers whose item for the authorizer differs from the one in the tenant's list."""
    there = {(item.sk, item.parts[1]): item.held["x"] for item in items.of["issuer"]}
    listed = {
        (name.tenant, name.sk.partition("#")[2]): name.held["x"] for name in items.of["issuerName"]
    }
    for tenant, hashed in sorted(there.keys() | listed.keys()):
        if there.get((tenant, hashed)) != listed.get((tenant, hashed)):
            # Not mended: an operator decides with `scim issuer` what the tenant trusts.
            yield f"issuer {hashed[:12]} of {tenant}: what is listed and what is trusted differ"


def setup_links(items: Items) -> Iterator[str]:
    """Yield unlisted links of tenants, listed links that do not exist, and sessions without their link."""
    there = {item.parts[1]: item for item in items.of["setupLink"]}
    listed = {name.held["h"]: name for name in items.of["setupLinkName"]}
    yield from _unlisted(there, listed)
    lasting = items.overview.now
    for name in listed.values():
        if name.held["h"] not in there and name.held["ttl"] > lasting:
            mend = deleted(name.pk, name.sk, h={"S": name.held["h"]})
            yield Violation(f"{name.name}: a setup link that is not there", mend)
    for session in items.of["session"]:
        link = session.held["link"]  # empty for a session by sign-in
        if link and link not in there and session.held["ttl"] > lasting:
            yield Violation("a session of a setup link that is not there", deleted(session.pk, "-"))


def _unlisted(there: Mapping[str, Item], listed: Mapping[str, Item]) -> Iterator[str]:
    for hashed, link in there.items():
        # A link without a tenant is listed nowhere.
        if "tenant" in link.held and hashed not in listed:
            item_key = f"TENANT#{link.held['tenant']}", f"setup#{link.held['id']}"
            seen: dict[str, Any] = {"h": {"S": hashed}, "ttl": {"N": str(link.held["ttl"])}}
            yield Violation(
                f"setup link {link.held['id']}: not listed", put(*item_key, "setupLinkName", **seen)
            )


def tenants(items: Items) -> Iterator[str]:
    """Yield tenants with settings that the list does not name, and named ones without settings."""
    settled = {item.tenant for item in items.of["settings"]}
    named = {item.sk for item in items.of["tenantName"]}
    for tenant in sorted(settled ^ named):
        item_key = "TENANT#~", tenant
        mend = put(*item_key, "tenantName") if tenant in settled else deleted(*item_key)
        yield Violation(f"tenant {tenant}: settled or named, not both", mend)
