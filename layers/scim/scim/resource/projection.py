"""Projection: the attributes that a response contains (RFC 7644 sections 3.4.2.5 and 3.9)."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from scim.immutable import REMEMBERED
from scim.profile import Profile, Tolerance
from scim.resource.body import AllBut, AttributeKey, returned_on_request, values_at, with_parts
from scim.schema.dialect_names import spelt_otherwise
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import COMMON, Attribute, Returned

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_Part = tuple[str | None, str, str]
_Visible = dict[str, Container[str] | None]
"""The names of visible attributes, with the names of their visible sub-attributes, None for all."""
LONGEST: Final = 4096
"""The most characters of a cached projection's names: a client may send a megabyte, and memory is limited."""
Selections = Mapping[AttributeKey, Callable[[object], bool]]
"""By container and attribute, a predicate that is true for the values to return."""


@dataclass(frozen=True)
class _Names:
    """The names that a client listed, resolved to whole extensions, attributes and parts of attributes."""

    extensions: frozenset[str] = frozenset()
    attributes: frozenset[AttributeKey] = frozenset()
    parts: frozenset[_Part] = frozenset()
    tolerated: frozenset[Tolerance] = frozenset()

    def touch(self, container: str | None, name: str) -> bool:
        """Return whether the attribute or a part of it is named."""
        return self.hold(container, name) or (container, name) in self.parts_of

    def hold(self, container: str | None, name: str) -> bool:
        """Return whether the attribute is named as a whole."""
        return container in self.extensions or (container, name) in self.attributes

    @cached_property
    def parts_of(self) -> Mapping[AttributeKey, AbstractSet[str]]:
        """The named parts of each attribute that has some."""
        parts_of: defaultdict[AttributeKey, set[str]] = defaultdict(set)
        for container, name, part in self.parts:
            parts_of[container, name].add(part)
        return dict(parts_of)


@dataclass(frozen=True)
class Projection:
    """The attributes to return of resources of one type: only some, or all except some.

    `selections` choose among the values of attributes; `tolerated` are the tolerances that the names
    needed. `sent` are the attributes returned on request that a write sent.
    """

    resource_type: ResourceType
    only: _Names | None = None
    without: _Names = _Names()
    selections: Selections = field(default_factory=dict)
    tolerated: frozenset[Tolerance] = frozenset()
    sent: _Names = _Names()

    @staticmethod
    def of(
        resource_type: ResourceType,
        attributes: Iterable[str] = (),
        excluded_attributes: Iterable[str] = (),
        profile: Profile | None = None,
    ) -> "Projection":
        """Return the projection that a client requested; unknown names are ignored.

        By RFC 7644 section 3.9 the two lists exclude each other; if a client sends both, `attributes`
        wins. Without a profile there are no tolerances.
        """
        names = tuple(name for name in attributes if name.strip())
        if not names and not excluded_attributes:
            return whole_projection(resource_type)
        excluded = () if names else tuple(name for name in excluded_attributes if name.strip())
        tolerances = frozenset[Tolerance]() if profile is None else profile.tolerances
        is_long = sum(map(len, names or excluded)) > LONGEST
        make_projection = _projection.__wrapped__ if is_long else _projection
        return make_projection(resource_type, names, excluded, tolerances)

    def with_sent(
        self, body: Mapping[str, object], before: Mapping[str, object] = _NOTHING
    ) -> "Projection":
        """Return the projection of the response to a write that set what differs between two bodies.

        What is returned on request is also returned to the client that sets it (RFC 7643 section 7),
        unless its request lists `attributes`. Relations are not, because they can be long.
        """
        if self.only is not None or not (on_request := returned_on_request(self.resource_type)):
            return self
        refs = [r for r in on_request if values_at(body, r) not in ((), values_at(before, r))]
        attributes = {(r.container, r.attribute.name) for r in refs if r.sub is None}
        parts = {(r.container, r.attribute.name, r.sub.name) for r in refs if r.sub is not None}
        sent = _Names(attributes=frozenset(attributes), parts=frozenset(parts))
        return replace(self, sent=sent) if refs else self

    @cached_property
    def is_whole(self) -> bool:
        """Whether it is the projection of a request that names no attributes."""
        return self is whole_projection(self.resource_type)

    @cached_property
    def base(self) -> _Visible:
        """The visible base attributes, by declared name, whether or not they have a value."""
        return self._visible(None, (*COMMON, *self.resource_type.schema.attributes))

    def wants(self, name: str) -> bool:
        """Return whether a base attribute of that name is visible if it has a value."""
        attribute = self.resource_type.attribute(name)
        return attribute is not None and attribute.name in self.base

    def shows(self, ref: AttributeRef) -> bool:
        """Return whether an attribute, or a part of one, is visible if it has a value."""
        container, name = ref.container, ref.attribute.name
        visible = self.base if container is None else self._extensions.get(container, {})
        if name not in visible:
            return False
        parts = visible[name]
        return ref.sub is None or parts is None or ref.sub.name in parts

    def asks_for(self, container: str | None, name: str) -> bool:
        """Return whether the client listed the attribute, or a part of it, in `attributes`."""
        return self.only is not None and self.only.touch(container, name)

    def shown(self, resource: Mapping[str, object]) -> dict[str, object]:
        """Return the visible part of a canonical resource that includes id, meta and schemas."""
        visible: dict[str, object] = {}
        for name, value in resource.items():
            visible_value: object
            if name in self._extensions:
                visible_value = _kept(self._extensions[name], self._selected(name, value)) or None
            elif name in self.base:
                visible_value = with_parts(self._selection(None, name, value), self.base[name])
            else:
                continue
            if visible_value is not None:
                visible[name] = visible_value
        return visible

    def _selected(self, container: str, value: object) -> object:
        """Return an extension with only the selected values of its attributes."""
        if not self.selections or not isinstance(value, Mapping):
            return value
        parts = {name: self._selection(container, name, part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part is not None}

    def _selection(self, container: str | None, name: str, value: object) -> object:
        """Return the selected values of an attribute, None if there are none."""
        is_selected = self.selections.get((container, name))
        if is_selected is None:
            return value
        if isinstance(value, list | tuple):
            return [element for element in value if is_selected(element)] or None
        return value if is_selected(value) else None

    @cached_property
    def _extensions(self) -> dict[str, _Visible]:
        schemas = (extension.schema for extension in self.resource_type.extensions)
        return {schema.id: self._visible(schema.id, schema.attributes) for schema in schemas}

    def _visible(self, container: str | None, attributes: Iterable[Attribute]) -> _Visible:
        return {
            attribute.name: self._parts(container, attribute)
            for attribute in attributes
            if self._shows(container, attribute)
        }

    def _shows(self, container: str | None, attribute: Attribute) -> bool:
        name = attribute.name
        match attribute.returned:
            case Returned.ALWAYS:
                return True
            case Returned.NEVER:
                return False
            case Returned.REQUEST:
                listed = self.sent if self.only is None else self.only
                return listed.touch(container, name) and not self.without.hold(container, name)
            case Returned.DEFAULT:
                if self.only is not None:
                    return self.only.touch(container, name)
                return not self.without.hold(container, name)

    def _parts(self, container: str | None, attribute: Attribute) -> Container[str] | None:
        """Return the names of the visible sub-attributes, None for all of them."""
        name = attribute.name
        is_whole = (
            self.only is None
            or self.only.hold(container, name)
            or not self.only.touch(container, name)  # returned: always
        )
        if attribute.is_open:
            return self._open_parts(container, name, is_whole=is_whole)
        names = frozenset(
            sub.name
            for sub in attribute.sub_attributes
            if self._shows_part((container, name, sub.name), sub.returned, is_whole=is_whole)
        )
        return None if len(names) == len(attribute.sub_attributes) else names

    def _open_parts(
        self, container: str | None, name: str, *, is_whole: bool
    ) -> Container[str] | None:
        """Return the visible parts of an open attribute: those listed, or all except those excluded."""
        listed = self.without if is_whole or self.only is None else self.only
        names = listed.parts_of.get((container, name), frozenset())
        if listed is self.without:
            return AllBut(names) if names else None
        return names

    def _shows_part(self, part: _Part, returned: Returned, *, is_whole: bool) -> bool:
        is_named = self.only is not None and part in self.only.parts
        match returned:
            case Returned.ALWAYS:
                return True
            case Returned.NEVER:
                return False
            case Returned.REQUEST:
                return is_named or (part in self.sent.parts and part not in self.without.parts)
            case Returned.DEFAULT:
                return (is_named or is_whole) and part not in self.without.parts


whole_projection: Final[Callable[[ResourceType], Projection]] = lru_cache(maxsize=REMEMBERED)(
    Projection
)
"""Returns the projection of a type for a request that names no attributes."""


@lru_cache(maxsize=REMEMBERED)
def _projection(
    resource_type: ResourceType,
    names: tuple[str, ...],
    excluded_names: tuple[str, ...],
    tolerances: frozenset[Tolerance],
) -> Projection:
    """Return the projection of these names; cached, because clients repeat the same names."""
    only = _resolved(resource_type, names, tolerances)
    without = _resolved(resource_type, excluded_names, tolerances)
    tolerated = only.tolerated | without.tolerated
    return Projection(resource_type, only if names else None, without, {}, tolerated)


def _kept(visible: _Visible, value: object) -> dict[str, object]:
    if not isinstance(value, Mapping):
        return {}
    return {
        name: part
        for name, part_value in value.items()
        if name in visible and (part := with_parts(part_value, visible[name])) is not None
    }


def _resolved(
    resource_type: ResourceType, names: Iterable[str], tolerances: frozenset[Tolerance]
) -> _Names:
    extensions: set[str] = set()
    attributes: set[AttributeKey] = set()
    parts: set[_Part] = set()
    tolerated: frozenset[Tolerance] = frozenset()
    for name in (name.strip() for name in names):
        extension = resource_type.extension(name)
        ref = resource_type.named(name)
        if ref is None and extension is None:
            ref, spelling_tolerances = spelt_otherwise(resource_type, name, tolerances)
            tolerated |= spelling_tolerances
        if extension is not None:
            extensions.add(extension.id)
        elif name.lower() == resource_type.schema.id.lower():
            attributes |= {(None, attribute.name) for attribute in resource_type.schema.attributes}
        elif ref is not None and ref.sub is not None:
            parts.add((ref.container, ref.attribute.name, ref.sub.name))
        elif ref is not None:
            attributes.add((ref.container, ref.attribute.name))
    return _Names(frozenset(extensions), frozenset(attributes), frozenset(parts), tolerated)
