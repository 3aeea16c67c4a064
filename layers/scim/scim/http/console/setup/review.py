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


def review_of(resources: TenantResources, tenant: str, base: str) -> list[dict[str, object]]:
    """Return, for each resource type with resources, their number, a few names and their attributes."""
    reviews = []
    for type_summary in resources.types(tenant):
        if type_summary["total"]:
            sample = resources.sample(tenant, str(type_summary["type"]), base)
            reviews.append(
                {**type_summary, "names": _names(sample), "attributes": attributes_of(sample)}
            )
    return reviews


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
            "name": str(
                resource.get("userName") or resource.get("displayName") or resource.get("id")
            ),
            "isActive": resource.get("active") is not False,
        }
        for resource in resources
    ]


def _values(path: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case Mapping():
            mark = ":" if _URN.fullmatch(path) else "."
            prefix = f"{path}{mark}" if path else ""
            for name, child in value.items():
                if name not in _OURS:
                    yield from _values(f"{prefix}{name}", child)
        case list():
            for child in reversed(value):  # the first of several values becomes the sample
                yield from _values(path, child)
        case None:
            return
        case bool():
            yield path, "true" if value else "false"
        case _:
            yield path, str(value)
