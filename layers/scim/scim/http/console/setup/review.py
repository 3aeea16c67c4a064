"""A review of what a directory has received, before the connection is called active."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scim.http.console.resources import TenantResources

_OURS = frozenset({"id", "meta", "schemas", "$ref", "groups"})
"""The attributes that the service sets itself."""
_URN = re.compile(r"urn:[^:]+(?::[\w.-]+)*:\d+\.\d+:\w+")
"""The URN of a schema, before the colon and the attribute's name."""
_LONGEST = 80


def reviewed(resources: TenantResources, tenant: str, base: str) -> list[dict[str, object]]:
    """Return, for each resource type with resources, their number, a few names and their attributes."""
    found = []
    for each in resources.types(tenant):
        if each["total"]:
            some = resources.few(tenant, str(each["type"]), base)
            found.append({**each, "names": _names(some), "attributes": attributes_of(some)})
    return found


def attributes_of(resources: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Return each attribute of the resources, with the number of resources that have it and a sample value."""
    counts: dict[str, int] = {}
    samples: dict[str, str] = {}
    for resource in resources:
        paths = dict(_values("", resource))
        for path, value in paths.items():
            counts[path] = counts.get(path, 0) + 1
            samples.setdefault(path, value[:_LONGEST])
    return [
        {"attribute": path, "filled": counts[path], "of": len(resources), "sample": samples[path]}
        for path in sorted(counts)
    ]


def _names(resources: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    return [
        {
            "name": str(each.get("userName") or each.get("displayName") or each.get("id")),
            "isActive": each.get("active") is not False,
        }
        for each in resources
    ]


def _values(path: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case Mapping():
            above = f"{path}{':' if _URN.fullmatch(path) else '.'}" if path else ""
            for name, each in value.items():
                if name not in _OURS:
                    yield from _values(f"{above}{name}", each)
        case list():
            for each in reversed(value):  # the first of several values becomes the sample
                yield from _values(path, each)
        case None:
            return
        case bool():
            yield path, "true" if value else "false"
        case _:
            yield path, str(value)
