"""A resource from a file: made, or merged into the one that has its unique values already."""

from collections.abc import Mapping

from scim.patch.operation import Op, PatchOperation, PatchRequest
from scim.resource.access_path import IndexValue
from scim.resource.index_entries import entries_of
from scim.resource.intake import taken_in
from scim.resource.projection import Projection
from scim.resource.relations import separated
from scim.resource.secret import parted
from scim.service.bulk.perform import Created, CreateOrMerge
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.resources.create import create
from scim.service.resources.modify import modify
from scim.service.visibility.restrict import ids_with

_ABOUT = {"id", "meta", "schemas"}


def made_or_merged(
    endpoint: Endpoint, data: Mapping[str, object], projection: Projection
) -> Created:
    """Return the new resource, or the one that was there, with what the data says of it.

    Raises what `create` and `modify` raise.
    """
    id_ = _existing(endpoint, data)
    if id_ is None:
        return 201, create(endpoint, data, projection)
    return 200, merged(endpoint, id_, data, Precondition(), projection)


def merged(
    endpoint: Endpoint,
    id_: str,
    data: Mapping[str, object],
    precondition: Precondition,
    projection: Projection,
) -> Answer:
    """Give the resource the values of the data; what the data does not name stays."""
    value = {name: each for name, each in data.items() if name.lower() not in _ABOUT}
    patch = PatchRequest((PatchOperation(Op.REPLACE, None, value),))
    return modify(endpoint, id_, patch, precondition, projection)


MERGING = CreateOrMerge(made_or_merged, merged)


def _existing(endpoint: Endpoint, data: Mapping[str, object]) -> str | None:
    resource_type = endpoint.resource_type
    taken = taken_in(resource_type, dict(data), endpoint.profile)
    scalars = separated(resource_type, taken.body).scalars
    for entry in sorted(entries_of(resource_type, parted(resource_type, scalars).body)):
        if not entry.is_unique:
            continue
        path = IndexValue(resource_type.name, entry.attribute, entry.value)
        found = ids_with(endpoint, path, 1)
        if found:
            return found[0]
    return None
