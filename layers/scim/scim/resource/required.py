"""What a resource must carry: required attributes, their required parts, required extensions."""

from collections.abc import Mapping

from scim.errors import InvalidValue, MissingExtension
from scim.resource.body import attributes_of, value_at
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute


def require(resource_type: ResourceType, body: Mapping[str, object]) -> None:
    """Raise InvalidValue naming the first thing missing; a blank string counts as missing.

    readOnly values are the server's business. The attributes of an extension are required
    of resources that carry the extension.
    """
    for extension in resource_type.extensions:
        if extension.is_required and not body.get(extension.schema.id):
            raise MissingExtension(f"{extension.schema.id}: this extension is required")
    for container, attribute in attributes_of(resource_type):
        if attribute.is_read_only or (container is not None and not body.get(container)):
            continue
        where = attribute.name if container is None else f"{container}:{attribute.name}"
        value = value_at(body, container, attribute.name)
        if attribute.required and _is_blank(value):
            raise InvalidValue(f"{where}: a value is required")
        _require_parts(attribute, value, where)


def _require_parts(attribute: Attribute, value: object, where: str) -> None:
    wanted = [sub for sub in attribute.sub_attributes if sub.required and not sub.is_read_only]
    if not wanted or value is None:
        return
    elements = value if isinstance(value, list) else [value]
    for element in elements:
        for sub in wanted:
            if not isinstance(element, Mapping) or _is_blank(element.get(sub.name)):
                raise InvalidValue(f"{where}.{sub.name}: a value is required")


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
