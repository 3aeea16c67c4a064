"""Preview of a mapping: existing resources are read, mapped and shown; nothing is stored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from scim.access.tenant import Tenant
from scim.profile.shipped import profile_or_default
from scim.resource.body import ParsedLater
from scim.resource.mapped.attributes import mapped
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.schema.catalogue import Catalogue
from scim.schema.schema import META
from scim.service.administration.ports import Administration
from scim.service.administration.tenant_lookups import catalogue_served
from scim.service.endpoint import Endpoint
from scim.service.messages import Query
from scim.service.query.search import search
from scim.service.resources.view import full_views

GROUPS: Final = 50
"""The most rules whose groups one preview counts."""


def preview_of(
    administration: Administration,
    tenant: Tenant,
    new_catalogue: Catalogue,
    filter_: str | None,
    limit: int,
) -> Iterator[dict[str, Any]]:
    """Yield up to `limit` resources of each mapped type that match `filter_`, with their changes.

    Each has type, id, name and changes (attribute, before, after). Raises InvalidFilter.
    """
    old_catalogue = catalogue_served(administration, tenant.name)
    for name in dict.fromkeys(
        mapping.type for mapping in (*new_catalogue.mappings, *old_catalogue.mappings)
    ):
        old_endpoint, new_endpoint = (
            _endpoint(administration, tenant, catalogue, name)
            for catalogue in (old_catalogue, new_catalogue)
        )
        if old_endpoint is not None and new_endpoint is not None:
            yield from _of_type(old_endpoint, new_endpoint, _records(new_endpoint, filter_, limit))


def groups_named(
    administration: Administration,
    tenant: Tenant,
    catalogue: Catalogue,
    document: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return the first GROUPS rules about groups, each with the number of groups it names (`found`)."""
    sources = {
        back_link.source
        for type_ in catalogue.resource_types
        for back_link in catalogue.back_links_of(type_.name)
    }
    endpoints = [
        _endpoint(administration, tenant, catalogue, type_name) for type_name in sorted(sources)
    ]
    groups = []
    for rule in document.get("groups", ())[:GROUPS]:
        member = next(name for name in ("id", "displayName", "externalId") if name in rule)
        text = f"{member} eq {json.dumps(rule[member], ensure_ascii=False)}"
        request = Query(filter=text, start_index=1, count=0)
        number = sum(
            search([endpoint], request).total for endpoint in endpoints if endpoint is not None
        )
        groups.append({**rule, "found": number})
    return groups


def _of_type(
    old_endpoint: Endpoint, new_endpoint: Endpoint, records: Sequence[Record]
) -> Iterator[dict[str, Any]]:
    projection = Projection.of(old_endpoint.resource_type)
    mapping = new_endpoint.mapping
    mapped_records = records
    if mapping is not None:
        mapped_records = [
            replace(record, body=mapped(mapping, record.body, record.body), text="")
            for record in records
        ]
    views = zip(
        records,
        full_views(old_endpoint, records, projection),
        full_views(new_endpoint, mapped_records, projection),
        strict=True,
    )
    for record, old_view, new_view in views:
        yield {
            "type": record.key.type,
            "id": record.key.id,
            "name": old_endpoint.display_of(record) or record.key.id,
            "changes": list(_changes(_flat(old_view), _flat(new_view))),
        }


def _records(endpoint: Endpoint, filter_: str | None, limit: int) -> list[Record]:
    listing = search(
        [endpoint], Query(filter=filter_, attributes=("id",), start_index=1, count=limit)
    )
    keys = [Key(endpoint.resource_type.name, str(resource["id"])) for resource in listing.resources]
    records = endpoint.directory.read_many(endpoint.tenant, keys)
    return [records[key] for key in keys if key in records]


def _endpoint(
    administration: Administration, tenant: Tenant, catalogue: Catalogue, name: str
) -> Endpoint | None:
    type_ = catalogue.resource_type(name)
    if type_ is None:
        return None
    deployment = administration.deployment.for_profile(
        profile_or_default(tenant.profile), catalogue
    )
    return deployment.unrestricted(tenant.name, "", type_)


def _flat(view: Mapping[str, object]) -> dict[str, object]:
    """Return the attributes of a view by name; those of extensions by full name, `URN:name`."""
    attributes: dict[str, object] = {}
    for name, value in view.items():
        if name in (META.name, "schemas"):
            continue
        if ":" in name and isinstance(value, Mapping):
            attributes |= {f"{name}:{part}": part_value for part, part_value in value.items()}
        else:
            attributes[name] = dict(value) if isinstance(value, ParsedLater) else value
    return attributes


def _changes(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[dict[str, object]]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield {"attribute": name, "before": before.get(name), "after": after.get(name)}
