"""What has come into a directory, looked at before the connection is called active."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scim.access.tenant import Tenant
from scim.http.message.response import encoded
from scim.mount import MOUNT
from scim.profile.shipped import settled
from scim.schema.loading import TenantCatalogueOf
from scim.service.messages import Query
from scim.service.query.search import search
from scim.service.visibility.deployment import Deployment

SAMPLES = 20
"""Resources of a type that are looked at."""
_OURS = frozenset({"id", "meta", "schemas", "$ref", "groups"})
"""What the service says of a resource by itself."""
_URN = re.compile(r"urn:[^:]+(?::[\w.-]+)*:\d+\.\d+:\w+")
"""The URN of a schema, behind which an attribute's name stands after a colon."""
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Review:
    """Looks at tenants' directories as their profiles show them."""

    deployment: Deployment
    catalogues: TenantCatalogueOf
    tenant: Callable[[str], Tenant | None]

    def of(self, name: str, base: str) -> list[dict[str, object]]:
        """Return for each resource type that has some: how many, a few of them, their attributes."""
        tenant = self.tenant(name)
        if tenant is None:
            return []
        catalogue = self.catalogues(name, tenant.profile, tenant.definitions).catalogue
        settings = settled(tenant.profile)
        deployment = self.deployment.for_profile(settings, catalogue)
        found = []
        for resource_type in catalogue.stored_types:
            total = deployment.directory.count(name, resource_type.name)
            if total:
                endpoint = deployment.unrestricted(name, f"{base}{MOUNT}", resource_type)
                listing = search([endpoint], Query(start_index=1, count=SAMPLES))
                shown = encoded({"total": total, "Resources": list(listing.resources)})
                some = json.loads(shown)["Resources"]
                told = {"type": resource_type.name, "total": total, "names": _names(some)}
                found.append({**told, "attributes": attributes_of(some)})
        return found


def attributes_of(resources: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Return each attribute that any of the resources has: of how many, and one value."""
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
            for each in reversed(value):  # so that the first of several is the sample
                yield from _values(path, each)
        case None:
            return
        case bool():
            yield path, "true" if value else "false"
        case _:
            yield path, str(value)
