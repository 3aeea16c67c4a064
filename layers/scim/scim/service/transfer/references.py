"""Where a resource refers to others by id: in relations and references, and beside a `$ref`."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from scim.resource.body import AttributeKey, attributes_of
from scim.resource.fold import folded
from scim.resource.relations import endpoint_and_id_in
from scim.schema.catalogue import Catalogue
from scim.schema.dialect_names import short
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, split_name
from scim.schema.spelling import object_in_text, text_of, value_in_text
from scim.service.bulk.bulk_ids import PREFIX

VALUE, REFERENCE = "value", "$ref"
_OF_ID = frozenset({VALUE, REFERENCE})
_NO_ID = (None, "")
_JSON_BEGINS = frozenset("{[")
_KEY = Attribute("key")
Rename = Callable[[str], str | None]
"""Returns the replacement for an id, None to keep it."""


@dataclass(frozen=True, slots=True)
class References:
    """The attributes of one resource type that refer to resources: container and name in lower case.

    `spellings` are the names under which a resource may have one at its top level, `names_below` those
    below a URN, by the URN; both are in lower case.
    """

    attributes: frozenset[AttributeKey]
    spellings: frozenset[str]
    names_below: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, resource_type: ResourceType, catalogue: Catalogue) -> "References":
        """Return those of a type: relations, references, an edge's ends, attributes with a `$ref`."""
        names = {type_.name for type_ in catalogue.resource_types}
        relation_names = {relation.attribute for relation in resource_type.relations}
        if resource_type.edges_of is not None:
            relation_names |= {resource_type.edges_of.source, resource_type.edges_of.target}
        reference_names = [
            split_name(reference.attribute) for reference in resource_type.references
        ]
        attributes = {
            *(_key(None, name) for name in relation_names),
            *(_key(container, name) for container, name, _ in reference_names),
            *(
                _key(container, attribute.name)
                for container, attribute in attributes_of(resource_type)
                if not attribute.is_read_only and _names_resources(attribute, names)
            ),
        }
        names_below = {
            uri.lower(): frozenset(_names_of(resource_type, uri, attributes))
            for uri in resource_type.uris
        }
        spellings = {
            f"{uri}{mark}{name}"
            for uri, below in names_below.items()
            for name in below
            for mark in ":."
        }
        spellings |= {
            name
            for container, name in attributes
            if container is None or short(resource_type, name) is not None
        }
        return cls(frozenset(attributes), frozenset(spellings), names_below)

    def names_in(self, resource: Mapping[str, object]) -> frozenset[str]:
        """Return every id the resource refers to."""
        names: set[str] = set()
        self.renamed(resource, names.add)
        return frozenset(names)

    def linked(self, resource: Mapping[str, object], known: AbstractSet[str]) -> dict[str, object]:
        """Return the resource with bulkIds in place of the ids in `known`."""
        return self.renamed(resource, lambda name: PREFIX + name if name in known else None)

    def renamed(self, resource: Mapping[str, object], rename: Rename) -> dict[str, object]:
        """Return the resource with each id it refers to replaced, where `rename` has a replacement.

        References may be spelled as the service accepts them: `manager` or `urn:…:User:manager.value` at the
        top level, an id as text or number, JSON text, a lone value or a list of one.
        """
        renamed = dict(resource)
        for name, value in resource.items():
            key = name.lower()
            if _attribute_in(key) in self.spellings:
                renamed[name] = renamed_values(value, rename)
            elif self.names_below.get(key):
                renamed[name] = _renamed_below(value, self.names_below[key], rename)
        return renamed


def renamed_values(value: object, rename: Rename) -> object:
    """Return one or several values of a reference, with each id replaced where `rename` has one."""
    match value:
        case str():
            return _renamed_text(value, rename)
        case dict() | Mapping():
            return _renamed_value(value, rename)
        case list():
            return [renamed_values(item, rename) for item in value]
    text = text_of(value)
    new_id = None if text is None else rename(text)
    return value if new_id is None else new_id


def _renamed_text(text: str, rename: Rename) -> object:
    """Return the replacement for an id, or for JSON text the value in it with its ids replaced.

    An id may begin like JSON, as a GUID in braces does.
    """
    if not text:
        return text
    value = value_in_text(text) if text.lstrip()[:1] in _JSON_BEGINS else None
    if value is not None:
        renamed = renamed_values(value, rename)
        return text if renamed == value else renamed
    new_id = rename(text)
    return text if new_id is None else new_id


def ids_in(value: object) -> frozenset[str]:
    """Return the ids in one or several values of a reference."""
    ids: set[str] = set()
    renamed_values(value, ids.add)
    return frozenset(ids)


def compared_key(name: str, key: str) -> str:
    """Return a resource's name as it is compared: an id unchanged, other keys as userName is."""
    return name if key == "id" else folded(_KEY, name)


def _key(container: str | None, name: str) -> AttributeKey:
    return None if container is None else container.lower(), name.lower()


def _names_of(
    resource_type: ResourceType, uri: str, attributes: AbstractSet[AttributeKey]
) -> Iterator[str]:
    """Yield the names of the attributes below a URN, which may be an alias."""
    extension = resource_type.extension(uri)
    container = None if extension is None else extension.id.lower()
    return (name for key, name in attributes if key == container)


def _attribute_in(key: str) -> str:
    """Return the name of the attribute whose `value` a key names, else the key: `manager.value`."""
    return key.removesuffix(f".{VALUE}")


def _renamed_below(value: object, names: AbstractSet[str], rename: Rename) -> object:
    match value:
        case Mapping():
            return {
                name: renamed_values(part, rename) if _attribute_in(name.lower()) in names else part
                for name, part in value.items()
            }
        case list():
            return [_renamed_below(item, names, rename) for item in value]
        case str() if (attributes := object_in_text(value)) is not None:
            renamed = _renamed_below(attributes, names, rename)
            return value if renamed == attributes else renamed
        case _:
            return value


def _renamed_value(value: Mapping[str, object], rename: Rename) -> Mapping[str, object]:
    id_ = value.get(VALUE)
    if id_ in _NO_ID:
        id_ = _id_in(value)
    new_id = renamed_values(id_, rename)
    if new_id == id_:
        return value
    # `$ref` is dropped: its URL names the old resource.
    other_parts = {name: part for name, part in value.items() if name.lower() not in _OF_ID}
    return other_parts | {VALUE: new_id}


def _id_in(value: Mapping[str, object]) -> object:
    """Return the id under `value` in any case, else the one at the end of `$ref`, "" without either."""
    parts_by_name = {name.lower(): part for name, part in value.items()}
    id_ = parts_by_name.get(VALUE)
    return endpoint_and_id_in(parts_by_name.get(REFERENCE))[1] if id_ in _NO_ID else id_


def _names_resources(attribute: Attribute, names: AbstractSet[str]) -> bool:
    reference = attribute.sub(REFERENCE)
    return (
        attribute.sub(VALUE) is not None
        and reference is not None
        and not names.isdisjoint(reference.reference_types)
    )
