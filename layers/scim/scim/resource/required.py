"""The required parts of a resource: attributes, parts of attributes, and extensions."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from scim.errors import InvalidValue, MissingExtension
from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at
from scim.schema.resource_type import ResourceType


def require_complete(resource_type: ResourceType, body: Mapping[str, object]) -> None:
    """Raise InvalidValue, or MissingExtension, for the first missing part; a blank string counts as missing.

    readOnly attributes are not checked, because the server sets them. The attributes of an extension
    are required only in resources that have the extension.
    """
    for extension in resource_type.extensions:
        if extension.is_required and not body.get(extension.schema.id):
            raise MissingExtension(f"{extension.schema.id}: this extension is required")
    for place in _places(resource_type):
        if place.container is not None and not body.get(place.container):
            continue
        value = value_at(body, place.container, place.name)
        if place.is_required and _is_blank(value):
            raise InvalidValue(f"{place}: a value is required")
        if place.parts and value is not None:
            _require_parts(place, value)


class _Place(NamedTuple):
    """An attribute that is required, or whose values have required parts."""

    container: str | None
    name: str
    is_required: bool
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return self.name if self.container is None else f"{self.container}:{self.name}"


@lru_cache(maxsize=REMEMBERED)
def _places(resource_type: ResourceType) -> Sequence[_Place]:
    places = [
        _Place(
            container,
            each.name,
            each.required,
            tuple(s.name for s in each.sub_attributes if s.required and not s.is_read_only),
        )
        for container, each in attributes_of(resource_type)
        if not each.is_read_only
    ]
    return [place for place in places if place.is_required or place.parts]


def _require_parts(place: _Place, value: object) -> None:
    elements = value if isinstance(value, list) else [value]
    for element in elements:
        for name in place.parts:
            if not isinstance(element, Mapping) or _is_blank(element.get(name)):
                raise InvalidValue(f"{place}.{name}: a value is required")


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
