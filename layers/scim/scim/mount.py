"""The mount: where the API begins in a path, and the tenant that may precede it.

`/scim/v2/Users` is about the caller's own tenant, `/acme/scim/v2/Users` names the tenant. A mount may
have its own place for the tenant: `/t/{tenant}/scim2`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

MOUNT = "/scim/v2"
TENANT = "{tenant}"


def mounted(path: str, mounts: Sequence[str]) -> re.Match[str] | None:
    """Return the match of the path's mount: the first one in it, the longer of two at the same place."""
    if len(mounts) == 1:
        return _pattern(mounts[0]).search(path)
    matches = (match for mount in mounts if (match := _pattern(mount).search(path)))
    return min(matches, key=lambda match: (match.start(), -match.end()), default=None)


def split_at_mount(path: str, mounts: Sequence[str]) -> tuple[str, str, str] | None:
    """Return the parts of a path before the mount, the mount, and after it; None for a path without one."""
    if len(mounts) == 1:  # nearly all requests use the usual mount
        before, mount, after = path.partition(mounts[0])
        if mount and after[:1] in ("", "/"):
            return before, mount, after
    match = mounted(path, mounts)
    return None if match is None else (path[: match.start()], match[0], path[match.end() :])


def tenant_in(event: Mapping[str, Any], mounts: Sequence[str]) -> str | None:
    """Return the tenant in the path of a gateway's event, None if the path names none.

    The base path of a custom domain, which the gateway has cut off, is not part of it.
    """
    if str(event.get("resource") or "").startswith(MOUNT):
        return None
    matched = (event.get("pathParameters") or {}).get("proxy")
    path = f"/{matched}" if matched else str(event.get("path") or "")
    mount = mounted(path, mounts)
    if mount is None:
        return None
    before = path[: mount.start()].removeprefix("/")
    return mount.groupdict().get("tenant") or before or None


def tenant_place(path: str, mounts: Sequence[str]) -> str | None:
    """Return the beginning of a path up to and including its tenant: `acme`, `t/acme`.

    The tenant is the last segment; None for a path that does not begin with a tenant.
    """
    mount = mounted(path, mounts)
    if mount is None:
        return None
    if mount.start() == 0:
        return path[1 : mount.end("tenant")] if "tenant" in mount.groupdict() else None
    before = path[1 : mount.start()]
    return before if before and "/" not in before else None


def as_spelt(path: str, mounts: Iterable[str]) -> tuple[str, ...]:
    """Return the mounts as this path spells them, where case is ignored."""
    matches = ((mount, re.search(re.escape(mount), path, re.IGNORECASE)) for mount in mounts)
    return tuple(mount if match is None else match[0] for mount, match in matches)


@lru_cache(maxsize=64)
def _pattern(mount: str) -> re.Pattern[str]:
    before, tenant_part, after = mount.partition(TENANT)
    tenant = "(?P<tenant>[^/]+)" if tenant_part else ""
    return re.compile(rf"{re.escape(before)}{tenant}{re.escape(after)}(?=/|$)")
