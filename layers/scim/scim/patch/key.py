"""Keys of values without a path, each resolved to its meaning once."""

from collections.abc import Iterator, Mapping

from scim.errors import InvalidPath
from scim.filter.binding.names import named
from scim.filter.parsing.parse import parse_path
from scim.immutable import immutable
from scim.patch.target import AttributeSet, Target, attribute_path_of, attribute_set_of, target_of
from scim.profile import Profile
from scim.resource.value import printable_name, require_distinct_names
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import SCHEMAS


@immutable
class ValueKey:
    """One key of a value without a path.

    It is the `name` of an attribute, the URN of a `set` of attributes (both RFC 7644 section
    3.5.2.1), a path that resolves to `target`, or none of these.
    """

    text: str
    name: AttributeRef | None = None
    set: AttributeSet | None = None
    target: Target | None = None

    def __str__(self) -> str:
        return printable_name(self.text)


def keys_of(
    resource_type: ResourceType, value: Mapping[str, object], profile: Profile
) -> Iterator[tuple[ValueKey, object]]:
    """Yield the keys of a value with their values; a set of attributes yields the keys inside it."""
    require_distinct_names(dict(value), "value")
    for text, member in value.items():
        attribute_set = attribute_set_of(resource_type, text, profile)
        if attribute_set is not None and isinstance(member, Mapping):
            yield from keys_in(resource_type, attribute_set, member, profile)
        elif attribute_set is not None:
            yield ValueKey(text, set=attribute_set), member
        else:
            yield _key(resource_type, text, profile), member


def keys_in(
    resource_type: ResourceType,
    attribute_set: AttributeSet,
    value: Mapping[str, object],
    profile: Profile,
) -> Iterator[tuple[ValueKey, object]]:
    """Yield the keys of the value below a URN, with their values."""
    require_distinct_names(dict(value), str(attribute_set))
    for text, member in value.items():
        if attribute_set.extension is None:
            yield _key(resource_type, text, profile), member
            continue
        schema = attribute_set.extension.schema
        attribute = schema.attribute(text)
        if attribute is not None:
            yield ValueKey(text, name=AttributeRef(schema.id, attribute)), member
        elif text.lower() != SCHEMAS.name:
            # scim2-models writes `schemas`, with the extension's URN, into the extension's value.
            yield _path(resource_type, f"{attribute_set}:{text}", profile), member


def _key(resource_type: ResourceType, text: str, profile: Profile) -> ValueKey:
    attribute = resource_type.attribute(text)
    if attribute is not None:
        return ValueKey(text, name=AttributeRef(None, attribute))
    return _path(resource_type, text, profile)


def _path(resource_type: ResourceType, text: str, profile: Profile) -> ValueKey:
    """Return a key that is not an attribute's name: a path with dots, a URN or brackets, or without meaning."""
    try:
        path = parse_path(text)
        # There can be thousands of unknown keys, so similar names are not looked up.
        if named(resource_type, attribute_path_of(path), profile) is None:
            return ValueKey(text)
        return ValueKey(text, target=target_of(resource_type, path, profile))
    except InvalidPath:
        return ValueKey(text)
