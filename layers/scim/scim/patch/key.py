"""Keys of values without a path, each resolved to its meaning once."""

from collections.abc import Iterator, Mapping

from scim.errors import InvalidPath
from scim.filter.binding.names import named
from scim.filter.parsing.parse import parse_path
from scim.immutable import immutable
from scim.patch.target import AttributeSet, Target, attribute_set_of, target_of, wanted_by
from scim.profile import Profile
from scim.resource.value import require_distinct_names, shown
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import SCHEMAS


@immutable
class ValueKey:
    """One key of a value without a path.

    It is the `name` of an attribute, the URN of a `set` of attributes (both RFC 7644 section
    3.5.2.1), a path that resolves to `meant`, or none of these.
    """

    text: str
    name: AttributeRef | None = None
    set: AttributeSet | None = None
    meant: Target | None = None

    def __str__(self) -> str:
        return shown(self.text)


def keys_of(
    resource_type: ResourceType, value: Mapping[str, object], profile: Profile
) -> Iterator[tuple[ValueKey, object]]:
    """Yield the keys of a value with their values; a set of attributes yields the keys inside it."""
    require_distinct_names(dict(value), "value")
    for text, part in value.items():
        whole = attribute_set_of(resource_type, text, profile)
        if whole is not None and isinstance(part, Mapping):
            yield from keys_in(resource_type, whole, part, profile)
        elif whole is not None:
            yield ValueKey(text, set=whole), part
        else:
            yield _key(resource_type, text, profile), part


def keys_in(
    resource_type: ResourceType,
    whole: AttributeSet,
    value: Mapping[str, object],
    profile: Profile,
) -> Iterator[tuple[ValueKey, object]]:
    """Yield the keys of the value below a URN, with their values."""
    require_distinct_names(dict(value), str(whole))
    for text, part in value.items():
        if whole.extension is None:
            yield _key(resource_type, text, profile), part
            continue
        schema = whole.extension.schema
        attribute = schema.attribute(text)
        if attribute is not None:
            yield ValueKey(text, name=AttributeRef(schema.id, attribute)), part
        elif text.lower() != SCHEMAS.name:
            # scim2-models writes `schemas`, with the extension's URN, into the extension's value.
            yield _path(resource_type, f"{whole}:{text}", profile), part


def _key(resource_type: ResourceType, text: str, profile: Profile) -> ValueKey:
    attribute = resource_type.attribute(text)
    if attribute is not None:
        return ValueKey(text, name=AttributeRef(None, attribute))
    return _path(resource_type, text, profile)


def _path(resource_type: ResourceType, text: str, profile: Profile) -> ValueKey:
    """Return a key that is not an attribute's name: a path with dots, a URN or brackets, or without meaning."""
    try:
        read = parse_path(text)
        # There can be thousands of unknown keys, so similar names are not looked up.
        if named(resource_type, wanted_by(read), profile) is None:
            return ValueKey(text)
        return ValueKey(text, meant=target_of(resource_type, read, profile))
    except InvalidPath:
        return ValueKey(text)
