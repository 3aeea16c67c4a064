"""The resources that an undo creates again or restores, and how its operations refer to them."""

from collections.abc import Iterable, Mapping

from scim.resource.record import Key
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.schema.schema import split_name
from scim.service.bulk.bulk_ids import PREFIX
from scim.service.transfer.references import References, renamed_values


class Recreations:
    """The keys of these resources; operations name them by bulkIds, because most get new ids.

    Two types may have the same ids (docs/decisions/0019-numbers-as-ids.md).
    """

    def __init__(self, keys: Iterable[Key], catalogue: Catalogue) -> None:
        self.keys = frozenset(keys)
        self._catalogue = catalogue
        self._keys_by_id: dict[str, list[Key]] = {}
        for key in self.keys:
            self._keys_by_id.setdefault(key.id, []).append(key)
        self._references_by_type: dict[str, References] = {}

    def bulk_id(self, key: Key) -> str:
        """Return the name of a resource: its old id, with its type if another type has that id too."""
        is_alone = len(self._keys_by_id[key.id]) == 1
        return key.id if is_alone else f"{key.type} {key.id}"

    def reference(self, key: Key) -> str:
        """Return what names any resource: its id, or a bulkId if it is one of these."""
        return f"{PREFIX}{self.bulk_id(key)}" if key in self.keys else key.id

    def linked(self, resource_type: ResourceType, data: Mapping[str, object]) -> dict[str, object]:
        """Return a resource that refers to these by their bulkIds."""
        return self._references_of(resource_type).renamed(data, self._renamed)

    def linked_value(self, resource_type: ResourceType, path: str, value: object) -> object:
        """Return the value of an attribute, which refers to these by their bulkIds if it is a reference."""
        container, name, _ = split_name(path.lower())
        is_reference = (container, name) in self._references_of(resource_type).attributes
        return renamed_values(value, self._renamed) if is_reference else value

    def _references_of(self, resource_type: ResourceType) -> References:
        references = self._references_by_type.get(resource_type.name)
        if references is None:
            references = References.of(resource_type, self._catalogue)
            self._references_by_type[resource_type.name] = references
        return references

    def _renamed(self, id_: str) -> str | None:
        """Return the bulkId of the only one of these that has an id."""
        keys = self._keys_by_id.get(id_, [])
        return self.reference(keys[0]) if len(keys) == 1 else None
