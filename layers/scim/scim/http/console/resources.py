"""The content of directories for the pages: a tenant's types, and the resources that match a filter."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim.access.tenant import Tenant
from scim.errors import InvalidValue, NotFound
from scim.http.message.response import encoded
from scim.mount import MOUNT
from scim.profile.shipped import profile_or_default
from scim.schema.loading import TenantCatalogueOf
from scim.schema.mapping import GIVEN, can_be_given
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute
from scim.service.endpoint import Endpoint
from scim.service.messages import Query
from scim.service.query.search import search
from scim.service.visibility.deployment import Deployment

USUAL = 20


@dataclass(frozen=True, slots=True)
class TenantResources:
    """Reads tenants' directories through their profiles."""

    deployment: Deployment
    catalogues: TenantCatalogueOf
    tenant: Callable[[str], Tenant | None]

    def types(self, name: str) -> list[dict[str, object]]:
        """Return the stored types: the number of resources of each, and the attributes that a client
        can write, as paths with their types.
        """
        deployment, stored_types = self._served(name)
        return [
            {
                "type": resource_type.name,
                "endpoint": resource_type.endpoint,
                "total": deployment.directory.count(name, resource_type.name),
                "schema": resource_type.schema.id,
                "attributes": list(_writable(resource_type)),
            }
            for resource_type in stored_types
        ]

    def sample(self, name: str, type_name: str, base: str) -> list[dict[str, Any]]:
        """Return a few resources of a type. Raises NotFound."""
        listing = self._listing(name, type_name, base, Query(start_index=1, count=USUAL))
        return list(listing["Resources"])

    def find(
        self, name: str, type_name: str, base: str, query: Mapping[str, str], max_count: int
    ) -> dict[str, Any]:
        """Return a page of the resources that match `filter`. Raises NotFound and InvalidFilter."""
        start, count = _number(query, "startIndex", 1), _number(query, "count", USUAL)
        search_query = Query(
            filter=query.get("filter") or None,
            start_index=start,
            count=min(count, max_count),
            excluded_attributes=("members",),
        )
        return self._listing(name, type_name, base, search_query)

    def _listing(self, name: str, type_name: str, base: str, query: Query) -> dict[str, Any]:
        listing = search([self._endpoint(name, type_name, base)], query)
        body = {"totalResults": listing.total, "Resources": list(listing.resources)}
        page: dict[str, Any] = json.loads(encoded(body))
        return page

    def mapping_sources(self, name: str) -> tuple[list[str], list[str]]:
        """Return the types whose members have back links, and the attributes that these types can give."""
        tenant = self._tenant(name)
        catalogue = self.catalogues(name, tenant.profile, tenant.definitions).catalogue
        links_of = {type_: catalogue.back_links_of(type_.name) for type_ in catalogue.stored_types}
        receivers = [type_ for type_, links in links_of.items() if links]
        attributes = [n for n in GIVEN if any(can_be_given(type_, n) for type_ in receivers)]
        return sorted({link.source for links in links_of.values() for link in links}), attributes

    def resource_type(self, name: str, type_name: str) -> ResourceType:
        """Return a type that the tenant's API serves. Raises NotFound."""
        for resource_type in self._served(name)[1]:
            if resource_type.name == type_name:
                return resource_type
        raise NotFound("There is no resource type with this name.")

    def _endpoint(self, name: str, type_name: str, base: str) -> Endpoint:
        resource_type = self.resource_type(name, type_name)
        return self._served(name)[0].unrestricted(name, f"{base}{MOUNT}", resource_type)

    def _served(self, name: str) -> tuple[Deployment, tuple[ResourceType, ...]]:
        tenant = self._tenant(name)
        catalogue = self.catalogues(name, tenant.profile, tenant.definitions).catalogue
        deployment = self.deployment.for_profile(profile_or_default(tenant.profile), catalogue)
        return deployment, tuple(catalogue.stored_types)

    def _tenant(self, name: str) -> Tenant:
        tenant = self.tenant(name)
        if tenant is None:
            raise NotFound("There is no tenant with this name.")
        return tenant


def _writable(resource_type: ResourceType) -> Iterator[dict[str, object]]:
    """Yield the attributes and sub-attributes that a client can write: path, type, required, multiValued."""
    yield from _of_schema("", resource_type.stored_attributes)
    for extension in resource_type.extensions:
        yield from _of_schema(f"{extension.schema.id}:", extension.schema.attributes)


def _of_schema(prefix: str, attributes: Iterable[Attribute]) -> Iterator[dict[str, object]]:
    for attribute in attributes:
        if attribute.is_read_only:
            continue
        path, cardinality = f"{prefix}{attribute.name}", {"multiValued": attribute.multi_valued}
        if not attribute.is_complex:
            yield {
                "path": path,
                "type": attribute.type,
                "required": attribute.required,
                **cardinality,
            }
        for sub in attribute.sub_attributes:
            if not sub.is_read_only:
                yield {
                    "path": f"{path}.{sub.name}",
                    "type": sub.type,
                    "required": False,
                    **cardinality,
                }


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidValue(f"{name}: expected a whole number that is not negative.")
    return int(text)
