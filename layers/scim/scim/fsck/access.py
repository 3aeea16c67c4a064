"""Credentials, settings and definitions of tenants: each is listed where it is looked up, and lists name only existing ones."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from scim.fsck.item import Item, UnreadableError, unpacked
from scim.fsck.table import Items
from scim.fsck.violation import Violation, deleted, put


def tokens(items: Items) -> Iterator[str]:
    """Yield tokens that are not listed under their tenant, and listed tokens that do not exist."""
    stored = {(t.attributes["tenant"], t.attributes["id"]): t.parts[1] for t in items.of["token"]}
    listed = {
        (name.tenant, name.sk.partition("#")[2]): name.attributes["h"]
        for name in items.of["tokenName"]
    }
    for tenant, token_id in sorted(stored.keys() | listed.keys()):
        stored_hash, listed_hash = stored.get((tenant, token_id)), listed.get((tenant, token_id))
        if stored_hash == listed_hash:
            continue
        item_key = f"TENANT#{tenant}", f"token#{token_id}"
        mend = (
            [put(*item_key, "tokenName", h={"S": stored_hash})]
            if stored_hash and not listed_hash
            else []
        )
        if listed_hash and not stored_hash:
            mend = [deleted(*item_key, h={"S": listed_hash})]
        yield Violation(
            f"token {token_id} of {tenant}: the token and the tenant's list differ", *mend
        )


def clients(items: Items) -> Iterator[str]:
    """Yield OAuth clients that are not listed under their tenant, and listed ones that do not exist."""
    stored = {(item.attributes["tenant"], item.attributes["client"]) for item in items.of["client"]}
    listed = {(name.tenant, name.attributes["client"]) for name in items.of["clientName"]}
    for tenant, client in sorted(stored ^ listed):
        item_key = f"TENANT#{tenant}", f"client#{client}"
        seen: dict[str, Any] = {"client": {"S": client}}
        is_stored = (tenant, client) in stored
        mend = put(*item_key, "clientName", **seen) if is_stored else deleted(*item_key, **seen)
        yield Violation(f"client {client} of {tenant}: there or listed, not both", mend)


def issuers(items: Items) -> Iterator[str]:
    """Yield issuers whose item for the authorizer differs from the one in the tenant's list."""
    stored = {(item.sk, item.parts[1]): item.attributes["x"] for item in items.of["issuer"]}
    listed = {
        (name.tenant, name.sk.partition("#")[2]): name.attributes["x"]
        for name in items.of["issuerName"]
    }
    for tenant, hashed in sorted(stored.keys() | listed.keys()):
        if stored.get((tenant, hashed)) != listed.get((tenant, hashed)):
            # Not mended: an operator decides with `scim issuer` what the tenant trusts.
            yield f"issuer {hashed[:12]} of {tenant}: what is listed and what is trusted differ"


def setup_links(items: Items) -> Iterator[str]:
    """Yield unlisted links of tenants, listed links that do not exist, and sessions without their link."""
    stored = {item.parts[1]: item for item in items.of["setupLink"]}
    listed = {name.attributes["h"]: name for name in items.of["setupLinkName"]}
    yield from _unlisted(stored, listed)
    now = items.overview.now
    for name in listed.values():
        if name.attributes["h"] not in stored and name.attributes["ttl"] > now:
            mend = deleted(name.pk, name.sk, h={"S": name.attributes["h"]})
            yield Violation(f"{name.name}: a setup link that is not there", mend)
    for session in items.of["session"]:
        link = session.attributes["link"]  # empty for a session by sign-in
        if link and link not in stored and session.attributes["ttl"] > now:
            yield Violation("a session of a setup link that is not there", deleted(session.pk, "-"))


def _unlisted(stored: Mapping[str, Item], listed: Mapping[str, Item]) -> Iterator[str]:
    for hashed, link in stored.items():
        # Version 0.1.0 listed no link to the console.
        if "tenant" in link.attributes and hashed not in listed:
            item_key = f"TENANT#{link.attributes['tenant']}", f"setup#{link.attributes['id']}"
            seen: dict[str, Any] = {"h": {"S": hashed}, "ttl": {"N": str(link.attributes["ttl"])}}
            yield Violation(
                f"setup link {link.attributes['id']}: not listed",
                put(*item_key, "setupLinkName", **seen),
            )


def tenants(items: Items) -> Iterator[str]:
    """Yield tenants with settings that the list does not name, and named ones without settings."""
    with_settings = {item.tenant for item in items.of["settings"]}
    listed = {item.sk for item in items.of["tenantName"]}
    for tenant in sorted(with_settings ^ listed):
        item_key = "TENANT#~", tenant
        mend = put(*item_key, "tenantName") if tenant in with_settings else deleted(*item_key)
        yield Violation(f"tenant {tenant}: settled or named, not both", mend)


def definitions(items: Items) -> Iterator[str]:
    """Yield versions in force that are missing, unreadable or unlike the head, and versions beyond or without it."""
    heads = {head.tenant: head for head in items.of["definitions"]}
    editions = {(edition.tenant, int(edition.sk)): edition for edition in items.of["edition"]}
    for tenant, head in sorted(heads.items()):
        edition = editions.get((tenant, head.attributes["v"]))
        if edition is None:
            yield f"{head.name}: version {head.attributes['v']} is in force and not there"
        else:
            yield from _edition_faults(head, edition)
    for (tenant, version), edition in sorted(editions.items()):
        head_of = heads.get(tenant)
        if head_of is None or version > head_of.attributes["v"]:
            yield f"{edition.name}: a version that is not and never was in force"


def _edition_faults(head: Item, edition: Item) -> Iterator[str]:
    try:
        content = unpacked(edition.attributes["z"])
        endpoints = [type_document["endpoint"][1:] for type_document in content["resourceTypes"]]
    except (UnreadableError, KeyError, TypeError):
        yield f"{edition.name}: cannot be read"
        return
    if head.attributes["f"] != _fingerprint(content) or head.attributes["e"].split() != endpoints:
        yield f"{head.name}: says of its version what it is not"


def _fingerprint(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
