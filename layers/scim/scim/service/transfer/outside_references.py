"""References of a file to resources outside it: found in the directory, or reported as unknown."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from scim.resource.access_path import IndexValue
from scim.resource.fold import folded, key_of
from scim.resource.record import Key
from scim.schema.resource_type import Index, ResourceType
from scim.service.bulk.bulk_ids import PREFIX
from scim.service.bulk.request import BulkOperation, Method
from scim.service.endpoint import Endpoint
from scim.service.transfer.references import References, Rename, compared_key, renamed_values
from scim.service.visibility.restrict import ids_with

_SHOWN = 5


def with_ids_for_keys(
    endpoint: Endpoint, operation: BulkOperation, key: str, own: Container[str] | None = None
) -> tuple[BulkOperation, str]:
    """Return the operation with ids in place of keys, and a sentence about unknown references.

    The sentence is empty if there are none, or none of its `own`; an unknown reference stays as it is.
    """
    references = References.of(endpoint.resource_type, endpoint.catalogue)
    names: set[str] = set()

    def note(name: str) -> None:
        if not name.startswith(PREFIX):
            names.add(name)

    _renamed(references, operation, note)
    if not names:
        return operation, ""
    known = _known(endpoint, names, key)
    unknown = [
        name
        for name in sorted(names - known.keys())
        if own is None or compared_key(name, key) in own
    ]
    if key != "id":
        data = _renamed(references, operation, known.get)
        operation = replace(operation, data=data)
    return operation, _warning(operation, unknown) if unknown else ""


def _renamed(references: References, operation: BulkOperation, rename: Rename) -> dict[str, object]:
    data = dict(operation.data)
    additions = data.get("Operations")
    if operation.method is not Method.PATCH:
        return references.renamed(data, rename)
    if isinstance(additions, list):
        data["Operations"] = [_addition(references, addition, rename) for addition in additions]
    return data


def _addition(references: References, operation: object, rename: Rename) -> object:
    if not isinstance(operation, Mapping):
        return operation
    path, value = operation.get("path"), operation.get("value")
    if isinstance(path, str) and path.lower() in references.spellings:
        return {**operation, "value": renamed_values(value, rename)}
    if path is None and isinstance(value, Mapping):
        return {**operation, "value": references.renamed(value, rename)}
    return operation


def _known(endpoint: Endpoint, names: Iterable[str], key: str) -> dict[str, str]:
    """Return the ids of the existing resources with these names, by name."""
    sorted_names = sorted(names)
    ids: dict[str, str] = {}
    by_id: list[Key] = []
    for type_ in endpoint.catalogue.resource_types:
        if type_.edges_of is not None:
            continue
        index = next((i for i in type_.indexes if i.attribute.lower() == key.lower()), None)
        if key != "id" and index is not None:
            ids |= _ids_by_index(endpoint, type_, sorted_names, index)
        else:
            by_id += [Key(type_.name, name) for name in sorted_names]
    # Somebody else may have created them a moment ago.
    records = endpoint.directory.read_latest(endpoint.tenant, by_id) if by_id else {}
    return {resource_key.id: resource_key.id for resource_key in records} | ids


def _ids_by_index(
    endpoint: Endpoint, resource_type: ResourceType, names: Iterable[str], index: Index
) -> dict[str, str]:
    ref = resource_type.named(index.attribute)
    ids_by_name: dict[str, str] = {}
    for name in names:
        if ref is None:
            continue
        text = key_of(folded(ref.leaf, name))
        path = IndexValue(resource_type.name, index.attribute, text)
        ids = ids_with(endpoint, path, 2)
        if len(ids) == 1:
            ids_by_name[name] = ids[0]
    return ids_by_name


def _warning(operation: BulkOperation, unknown: list[str]) -> str:
    rest_of_names = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    place = "" if operation.line is None else f"Line {operation.line}: "
    return f"{place}refers to nobody: {', '.join(unknown[:_SHOWN])}{rest_of_names}."
