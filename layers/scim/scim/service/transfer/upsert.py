"""A resource from a file: created, or merged into the one that already has its unique values."""

from collections.abc import Mapping
from dataclasses import replace as with_changes
from functools import partial

from scim.errors import NotFound, PreconditionFailed, Unavailable, Uniqueness
from scim.patch.operation import Op, PatchOperation
from scim.patch.request import PatchRequest
from scim.profile.parts import PatchRules
from scim.resource.access_path import IndexValue
from scim.resource.index_entries import entries_of
from scim.resource.intake import intake_of
from scim.resource.projection import Projection
from scim.resource.record import Entry, Key, Record
from scim.resource.relations import separated
from scim.resource.secret import without_secrets
from scim.service.attempt import attempts
from scim.service.bulk.perform import Created, CreationPolicy
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition, etag_of
from scim.service.resources.create import create
from scim.service.resources.modify import modify
from scim.service.resources.replace import replace
from scim.service.transfer.elements import has_elements, with_lists
from scim.service.visibility.restrict import ids_with

_ABOUT = {"id", "meta", "schemas"}


def create_or_merge(
    key: str, endpoint: Endpoint, data: Mapping[str, object], projection: Projection
) -> Created:
    """Create the resource, or merge the data into the existing one; return 201 or 200 and the answer.

    The existing one has the value of `key`, the attribute by which the file's lines are named, or else a
    unique value. Raises Uniqueness where several have that of the key, and what `create` and `modify` raise.
    """
    data_with_lists = with_lists(data)
    id_ = _existing(endpoint, data_with_lists, key)
    if id_ is None:
        return 201, create(endpoint, data_with_lists, projection)
    return 200, merge(endpoint, id_, data, Precondition(), projection)


def merge(
    endpoint: Endpoint,
    id_: str,
    data: Mapping[str, object],
    precondition: Precondition,
    projection: Projection,
) -> Answer:
    """Set the resource's attributes to those of the data; attributes the data does not name stay.

    Raises NotFound, PreconditionFailed, Unavailable where it keeps changing, and what `modify` raises.
    """
    content = {name: value for name, value in data.items() if name.lower() not in _ABOUT}
    if not has_elements(content):
        return _modified(endpoint, id_, content, precondition, projection)
    for _ in attempts(endpoint.clock):
        record = _latest(endpoint, id_)
        if record is None:
            raise NotFound("The resource was deleted in the meantime.")
        precondition.require(record.version)
        lists = with_lists(content, record.body)
        try:
            # The lists were built from this version, so it must still be current.
            precondition_met = Precondition(if_match=etag_of(record.version))
            return _modified(endpoint, id_, lists, precondition_met, projection)
        except PreconditionFailed:
            continue
    raise Unavailable("The resource keeps changing; try again.")


def create_with_lists(
    endpoint: Endpoint, data: Mapping[str, object], projection: Projection
) -> Created:
    """Create the resource; return 201 and the answer. Raises what `create` raises."""
    return 201, create(endpoint, with_lists(data), projection)


def replace_with_lists(
    endpoint: Endpoint,
    id_: str,
    data: Mapping[str, object],
    precondition: Precondition,
    projection: Projection,
) -> Answer:
    """Replace a resource that holds only part of the data with all of it. Raises what `replace` raises."""
    return replace(endpoint, id_, with_lists(data), precondition, projection)


MAKING = CreationPolicy(create_with_lists, replace_with_lists)


def merging(key: str) -> CreationPolicy:
    """Return how the resources of a file are stored where they update those that are there already."""
    return CreationPolicy(partial(create_or_merge, key), merge)


def _modified(
    endpoint: Endpoint,
    id_: str,
    value: Mapping[str, object],
    precondition: Precondition,
    projection: Projection,
) -> Answer:
    patch = PatchRequest((PatchOperation(Op.REPLACE, None, value),))
    return modify(_unlimited(endpoint), id_, patch, precondition, projection)


def _unlimited(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint without what its profile asks of clients' PATCH: a merge is the service's own."""
    rules = endpoint.profile.patch
    if not rules.is_subset and not rules.replaces_whole:
        return endpoint
    return with_changes(endpoint, profile=with_changes(endpoint.profile, patch=PatchRules()))


def _existing(endpoint: Endpoint, data: Mapping[str, object], key: str) -> str | None:
    """Return the id of the resource that the data is about, None for a new one. Raises Uniqueness."""
    resource_type = endpoint.resource_type
    intake = intake_of(resource_type, dict(data), endpoint.profile)
    entries = sorted(_entries(endpoint, intake.body))
    of_key = [entry for entry in entries if entry.attribute.lower() == key.lower()]
    for entry in of_key:
        ids = ids_with(endpoint, _path(endpoint, entry), 2)
        if len(ids) > 1:
            raise Uniqueness(f"Several resources have this {entry.attribute}; expected one.")
        if ids:
            return ids[0]
    for entry in entries:
        if not entry.is_unique or entry in of_key:
            continue
        ids = ids_with(endpoint, _path(endpoint, entry), 1)
        if ids:
            return None if of_key and _has_another(endpoint, ids[0], of_key) else ids[0]
    return None


def _has_another(endpoint: Endpoint, id_: str, of_key: list[Entry]) -> bool:
    """Tell whether the resource has values of the key, which are others."""
    record = _latest(endpoint, id_)
    names = {entry.attribute for entry in of_key}
    return record is not None and any(
        entry.attribute in names for entry in _entries(endpoint, record.body)
    )


def _latest(endpoint: Endpoint, id_: str) -> Record | None:
    key = Key(endpoint.resource_type.name, id_)
    return endpoint.directory.read_latest(endpoint.tenant, [key]).get(key)


def _entries(endpoint: Endpoint, body: Mapping[str, object]) -> frozenset[Entry]:
    resource_type = endpoint.resource_type
    scalars = separated(resource_type, body).scalars
    return entries_of(resource_type, without_secrets(resource_type, scalars))


def _path(endpoint: Endpoint, entry: Entry) -> IndexValue:
    return IndexValue(endpoint.resource_type.name, entry.attribute, entry.value)
