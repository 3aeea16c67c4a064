"""Keys of values without a path: what each of them means, found out once."""

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
    """One key of a value without path.

    It is the `name` of an attribute, or the URN of a `set` of them, as RFC 7644 section 3.5.2.1
    has it, or means something when it is read as a path (`meant`), or nothing.
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
    """Yield the keys of a value with what stands under each; a set of attributes is taken apart."""
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
    """Yield the keys of what stands below a URN."""
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
            # scim2-models writes `schemas` into an extension's value: it says what it stands under.
            yield _path(resource_type, f"{whole}:{text}", profile), part


def _key(resource_type: ResourceType, text: str, profile: Profile) -> ValueKey:
    attribute = resource_type.attribute(text)
    if attribute is not None:
        return ValueKey(text, name=AttributeRef(None, attribute))
    return _path(resource_type, text, profile)


def _path(resource_type: ResourceType, text: str, profile: Profile) -> ValueKey:
    """Return a key that is no name: a path with dots, a URN or brackets, or nothing."""
    try:
        read = parse_path(text)
        # There may be thousands: nobody is told which names come near one that means nothing.
        if named(resource_type, wanted_by(read), profile) is None:
            return ValueKey(text)
        return ValueKey(text, meant=target_of(resource_type, read, profile))
    except InvalidPath:
        return ValueKey(text)
