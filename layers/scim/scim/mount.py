"""Where the API begins in a path, and the tenant that may stand before it.

`/scim/v2/Users` is the caller's own tenant, `/acme/scim/v2/Users` says which one is meant.
"""

from collections.abc import Mapping
from typing import Any

MOUNT = "/scim/v2"


def tenant_in(event: Mapping[str, Any]) -> str | None:
    """Return what stands for a tenant in the path of a gateway's event, None where nothing does.

    What the gateway itself cut off, the base path of a custom domain, is no part of it.
    """
    if str(event.get("resource") or "").startswith(MOUNT):
        return None
    matched = (event.get("pathParameters") or {}).get("proxy")
    path = f"/{matched}" if matched else str(event.get("path") or "")
    before, mount, _ = path.partition(MOUNT)
    return before.removeprefix("/") or None if mount else None
