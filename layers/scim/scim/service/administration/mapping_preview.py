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


def previewed(
    administration: Administration,
    tenant: Tenant,
    new: Catalogue,
    filter_: str | None,
    most: int,
) -> Iterator[dict[str, Any]]:
    """Yield up to `most` resources of each mapped type that match `filter_`, with their changes.

    Each has type, id, name and changes (attribute, before, after). Raises InvalidFilter.
    """
    old = catalogue_served(administration, tenant.name)
    for name in dict.fromkeys(each.type for each in (*new.mappings, *old.mappings)):
        before, after = (_endpoint(administration, tenant, each, name) for each in (old, new))
        if before is not None and after is not None:
            yield from _of_type(before, after, _records(after, filter_, most))


def groups_named(
    administration: Administration, tenant: Tenant, new: Catalogue, document: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the first GROUPS rules about groups, each with the number of groups it names (`found`)."""
    sources = {
        each.source for type_ in new.resource_types for each in new.back_links_of(type_.name)
    }
    endpoints = [_endpoint(administration, tenant, new, name) for name in sorted(sources)]
    found = []
    for rule in document.get("groups", ())[:GROUPS]:
        name = next(each for each in ("id", "displayName", "externalId") if each in rule)
        text = f"{name} eq {json.dumps(rule[name], ensure_ascii=False)}"
        asked = Query(filter=text, start_index=1, count=0)
        number = sum(search([each], asked).total for each in endpoints if each is not None)
        found.append({**rule, "found": number})
    return found


def _of_type(
    before: Endpoint, after: Endpoint, records: Sequence[Record]
) -> Iterator[dict[str, Any]]:
    whole = Projection.of(before.resource_type)
    mapping = after.mapping
    made = records
    if mapping is not None:
        made = [
            replace(each, body=mapped(mapping, each.body, each.body), text="") for each in records
        ]
    shown = zip(
        records, full_views(before, records, whole), full_views(after, made, whole), strict=True
    )
    for record, one, other in shown:
        yield {
            "type": record.key.type,
            "id": record.key.id,
            "name": before.display_of(record) or record.key.id,
            "changes": list(_changes(_flat(one), _flat(other))),
        }


def _records(endpoint: Endpoint, filter_: str | None, most: int) -> list[Record]:
    listing = search(
        [endpoint], Query(filter=filter_, attributes=("id",), start_index=1, count=most)
    )
    keys = [Key(endpoint.resource_type.name, str(each["id"])) for each in listing.resources]
    found = endpoint.directory.read_many(endpoint.tenant, keys)
    return [found[key] for key in keys if key in found]


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
    found: dict[str, object] = {}
    for name, value in view.items():
        if name in (META.name, "schemas"):
            continue
        if ":" in name and isinstance(value, Mapping):
            found |= {f"{name}:{part}": each for part, each in value.items()}
        else:
            found[name] = dict(value) if isinstance(value, ParsedLater) else value
    return found


def _changes(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[dict[str, object]]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield {"attribute": name, "before": before.get(name), "after": after.get(name)}
