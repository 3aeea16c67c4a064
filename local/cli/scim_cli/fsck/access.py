"""Tokens and tenants: each is listed where it is looked for, and lists name what is there."""

from collections.abc import Iterator

from scim_cli.fsck.table import Items


def tokens(items: Items) -> Iterator[str]:
    """Yield tokens that are not listed under their tenant, and listed ones that are not there."""
    there = {(t.held["tenant"], t.held["id"]): t.parts[1] for t in items.of["token"]}
    listed = {
        (name.tenant, name.sk.partition("#")[2]): name.held["h"] for name in items.of["tokenName"]
    }
    for tenant, token_id in sorted(there.keys() | listed.keys()):
        if there.get((tenant, token_id)) != listed.get((tenant, token_id)):
            yield f"token {token_id} of {tenant}: the token and the tenant's list differ"


def tenants(items: Items) -> Iterator[str]:
    """Yield tenants that are settled and not named, or named and not settled."""
    settled = {item.tenant for item in items.of["settings"]}
    named = {item.sk for item in items.of["tenantName"]}
    for tenant in sorted(settled ^ named):
        yield f"tenant {tenant}: settled or named, not both"
