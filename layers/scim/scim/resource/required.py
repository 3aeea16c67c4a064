"""The required parts of a resource: attributes, parts of attributes, and extensions."""

from collections.abc import Iterator, Mapping, Sequence
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
    for refusal in _missing(resource_type, body):
        raise refusal


def require_as_complete(
    resource_type: ResourceType, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    """Raise InvalidValue, or MissingExtension, for the first part that only the later of two stored bodies misses.

    What the earlier one already missed stays allowed: it was stored before its schema required more, or
    it is a secret, which is not stored. Relations are not checked, because stored bodies do not contain them.
    """
    missing = list(_missing(resource_type, _with_relations(resource_type, after)))
    if not missing:
        return
    allowed = {
        error.detail for error in _missing(resource_type, _with_relations(resource_type, before))
    }
    for refusal in missing:
        if refusal.detail not in allowed:
            raise refusal


def lacks_required(resource_type: ResourceType, body: Mapping[str, object], container: str) -> bool:
    """Return whether the body lacks an attribute that is required in the extension with this URN."""
    return any(
        requirement.container == container
        and requirement.is_required
        and _is_blank(value_at(body, container, requirement.name))
        for requirement in _requirements(resource_type)
    )


def _missing(resource_type: ResourceType, body: Mapping[str, object]) -> Iterator[InvalidValue]:
    for extension in resource_type.extensions:
        if extension.is_required and not body.get(extension.schema.id):
            yield MissingExtension(f"{extension.schema.id}: this extension is required")
    for requirement in _requirements(resource_type):
        if requirement.container is not None and not body.get(requirement.container):
            continue
        value = value_at(body, requirement.container, requirement.name)
        if requirement.is_required and _is_blank(value):
            yield InvalidValue(f"{requirement}: a value is required")
        if requirement.parts and value is not None:
            yield from _missing_parts(requirement, value)


class _Requirement(NamedTuple):
    """An attribute that is required, or whose values have required parts."""

    container: str | None
    name: str
    is_required: bool
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return self.name if self.container is None else f"{self.container}:{self.name}"


@lru_cache(maxsize=REMEMBERED)
def _requirements(resource_type: ResourceType) -> Sequence[_Requirement]:
    requirements = [
        _Requirement(
            container,
            attribute.name,
            attribute.required,
            tuple(
                sub.name
                for sub in attribute.sub_attributes
                if sub.required and not sub.is_read_only
            ),
        )
        for container, attribute in attributes_of(resource_type)
        if not attribute.is_read_only
    ]
    return [
        requirement for requirement in requirements if requirement.is_required or requirement.parts
    ]


def _missing_parts(requirement: _Requirement, value: object) -> Iterator[InvalidValue]:
    elements = value if isinstance(value, list) else [value]
    for element in elements:
        for name in requirement.parts:
            if not isinstance(element, Mapping) or _is_blank(element.get(name)):
                yield InvalidValue(f"{requirement}.{name}: a value is required")


def _with_relations(
    resource_type: ResourceType, body: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the body with a value for each required relation."""
    complete = dict(body.items())
    for relation in resource_type.relations:
        attribute = resource_type.attribute(relation.attribute)
        if attribute is not None and attribute.required:
            complete[attribute.name] = [{sub.name: "?" for sub in attribute.sub_attributes}]
    return complete


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
