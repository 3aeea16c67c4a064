"""The target of an operation's path in a resource type (RFC 7644 section 3.5.2)."""

from dataclasses import field

from scim.errors import InvalidPath
from scim.filter.binding.names import named, with_ids_as_text
from scim.filter.parsing.tree import AttributePath, Filter, PatchPath
from scim.immutable import immutable
from scim.profile import Profile, Tolerance
from scim.schema.dialect_names import echo_of, hint, part_alone
from scim.schema.resource_type import AttributeRef, Extension, ResourceType
from scim.schema.schema import Attribute


@immutable
class Target:
    """An attribute, or its values that match a filter, or one sub-attribute of either.

    `tolerated` are the tolerances that the path needed; comparisons ignore them.
    """

    ref: AttributeRef
    filter: Filter | None = None
    tolerated: frozenset[Tolerance] = field(default=frozenset(), compare=False)

    @property
    def attribute(self) -> Attribute:
        return self.ref.attribute

    @property
    def sub(self) -> Attribute | None:
        return self.ref.sub

    @property
    def whole(self) -> AttributeRef:
        """The attribute itself, without filter and sub-attribute."""
        return AttributeRef(self.ref.container, self.ref.attribute)

    @property
    def is_whole(self) -> bool:
        """Whether the target is the attribute with all its values and all their parts."""
        return self.filter is None and self.sub is None

    def __str__(self) -> str:
        if self.filter is None:
            return str(self.ref)
        suffix = "" if self.sub is None else f".{self.sub.name}"
        return f"{self.whole}[{self.filter}]{suffix}"


class UnknownPath(InvalidPath):
    """A path that names something no schema defines; some profiles ignore such paths."""


@immutable
class AttributeSet:
    """All attributes below a URN: those of an extension, or of the base schema if `extension` is None."""

    uri: str
    extension: Extension | None
    tolerated: frozenset[Tolerance] = field(default=frozenset(), compare=False)

    def __str__(self) -> str:
        return self.uri if self.extension is None else self.extension.schema.id


def extension_of(resource_type: ResourceType, path: str) -> Extension | None:
    """Return the extension whose URN is the whole path, or None."""
    schema = resource_type.extension(path)
    if schema is None:
        return None
    return next(
        extension for extension in resource_type.extensions if extension.schema.id == schema.id
    )


def attribute_set_of(
    resource_type: ResourceType, uri: str, profile: Profile
) -> AttributeSet | None:
    """Return the attributes below a URN or an alias of one; None for any other text."""
    extension = extension_of(resource_type, uri)
    if extension is not None or resource_type.is_alias(uri):
        return AttributeSet(uri, extension)
    if resource_type.is_base(uri) and profile.tolerates(Tolerance.BASE_SCHEMA_KEY):
        return AttributeSet(uri, None, frozenset({Tolerance.BASE_SCHEMA_KEY}))
    return None


def resolved_path(
    resource_type: ResourceType, patch_path: PatchPath, profile: Profile
) -> Target | AttributeSet:
    """Return the target of the path. Raises InvalidPath, which names the unknown part and similar names."""
    if patch_path.filter is None:
        attribute_set = attribute_set_of(
            resource_type, patch_path.text.strip() or str(patch_path), profile
        )
        if attribute_set is not None:
            return attribute_set
    return target_of(resource_type, patch_path, profile)


def target_of(resource_type: ResourceType, patch_path: PatchPath, profile: Profile) -> Target:
    """Return the attribute that the path names. Raises InvalidPath as `resolved_path` does."""
    refused = patch_path.tolerances - profile.tolerances
    if refused:
        raise InvalidPath(f"The path needs a tolerance that is switched off here: {min(refused)}.")
    attribute_path = attribute_path_of(patch_path)
    named_ref = named(resource_type, attribute_path, profile)
    if patch_path.filter is not None and _is_of_part(resource_type, patch_path.path, profile):
        raise InvalidPath(
            f"'{echo_of(patch_path.path)}': a filter follows an attribute, not a part of one."
        )
    is_filtered_part = patch_path.filter is not None and patch_path.sub is None
    if named_ref is None or (is_filtered_part and named_ref.ref.sub is not None):
        raise UnknownPath(_not_found(resource_type, attribute_path))
    is_single = not named_ref.ref.attribute.multi_valued
    if patch_path.filter is not None and is_single and not profile.tolerates(Tolerance.LIST_OF_ONE):
        raise InvalidPath(
            f"'{named_ref.ref.attribute.name}' has one value, so no filter selects it."
        )
    filter_ = None if patch_path.filter is None else with_ids_as_text(patch_path.filter, profile)
    return Target(named_ref.ref, filter_, named_ref.tolerated | patch_path.tolerances)


def attribute_path_of(patch_path: PatchPath) -> AttributePath:
    """Return the attribute or sub-attribute that a path names, without its filter."""
    path = patch_path.path
    parts = [part for part in (path.sub, patch_path.sub) if part is not None]
    return AttributePath(path.uri, path.name, ".".join(parts) or None)


def _is_of_part(resource_type: ResourceType, path: AttributePath, profile: Profile) -> bool:
    """Return whether a path with a dot names a part of an attribute; behind a URN it may name an attribute."""
    if path.sub is None:
        return False
    named_ref = named(resource_type, path, profile)
    return path.uri is None if named_ref is None else named_ref.ref.sub is not None


def _not_found(resource_type: ResourceType, path: AttributePath) -> str:
    parent = resource_type.ref_of(path.uri, path.name)
    if parent is not None and path.sub is not None:
        known = [sub.name for sub in parent.attribute.sub_attributes]
        if not known:
            return f"'{parent}' has no sub-attributes."
        return f"'{parent}' has no sub-attribute '{echo_of(path.sub)}'{_near(path.sub, known)}"
    if path.uri is not None:
        extensions = resource_type.extensions
        uris = [resource_type.schema.id, *(extension.schema.id for extension in extensions)]
        if path.uri.lower() not in (uri.lower() for uri in uris):
            near = _near(path.uri, uris)
            return f"{resource_type.name} has no schema '{echo_of(path.uri)}'{near}"
    schema = resource_type.schema if path.uri is None else resource_type.extension(path.uri)
    known = [attribute.name for attribute in (schema or resource_type.schema).attributes]
    part = part_alone(resource_type, path.name, path.sub) if path.uri is None else None
    near = f"; did you mean '{part}'?" if part else _near(path.name, known)
    return f"{resource_type.name} has no attribute '{echo_of(path)}'{near}"


def _near(name: str, names: list[str]) -> str:
    return hint(name, names) or "."
