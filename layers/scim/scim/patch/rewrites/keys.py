"""Path-less values: what their keys may be beside the names of attributes.

Each function sees a value with one key, as `spread` leaves it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scim.patch.operation import Op, PatchOperation
from scim.patch.rewrites.rewrite import NOTHING, Rewritten, Setting
from scim.patch.target import extension_of
from scim.resource.value import require_distinct_names
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import ID, SCHEMAS, Attribute


@dataclass(frozen=True, slots=True)
class _Key:
    """The one key of a path-less value; that of an extension's attribute has its URN in front."""

    text: str
    value: object
    is_nested: bool

    @property
    def is_name(self) -> bool:
        """Whether it stands where the RFC has names: a path has a URN in front without nesting."""
        return self.is_nested or ":" not in self.text


def spread(operation: PatchOperation, setting: Setting) -> Iterator[PatchOperation]:
    """Yield one operation for each attribute in a value without path: the same, in plain words.

    The path of an extension with a set of attributes as value is taken apart likewise.
    """
    value = operation.value
    if not isinstance(value, dict) or operation.op is Op.REMOVE:
        yield operation
    elif operation.path is None:
        require_distinct_names(value, "value")
        for key, part in value.items():
            yield from _parts(operation, key, part, setting)
    elif _holds_attributes(setting, operation.path):
        yield from _parts(operation, operation.path, value, setting)
    else:
        yield operation


def _parts(
    operation: PatchOperation, key: str, part: object, setting: Setting
) -> Iterator[PatchOperation]:
    if not _holds_attributes(setting, key) or not isinstance(part, dict):
        yield operation.at(None, {key: part})
        return
    require_distinct_names(part, key)
    is_alias = setting.resource_type.is_alias(key)
    for name, inner in part.items():
        yield operation.at(None, {name: inner} if is_alias else {key: {name: inner}})


def _holds_attributes(setting: Setting, key: str) -> bool:
    """Tell whether the key is the URN of an extension, or an alias of the base schema's."""
    resource_type = setting.resource_type
    return extension_of(resource_type, key) is not None or resource_type.is_alias(key)


def _only(operation: PatchOperation, setting: Setting) -> _Key | None:
    has_keys = operation.path is None and operation.op is not Op.REMOVE
    if not has_keys or not isinstance(operation.value, dict):
        return None
    ((key, part),) = operation.value.items()
    if isinstance(part, dict) and extension_of(setting.resource_type, key) is not None:
        ((name, inner),) = part.items()
        return _Key(f"{key}:{name}", inner, is_nested=True)
    return _Key(key, part, is_nested=False)


def _plain(key: str, setting: Setting) -> Attribute | None:
    """Return the attribute a key names without ado: of the base schema, or of an extension."""
    uri, _, name = key.rpartition(":")
    if not uri:
        return setting.resource_type.attribute(name)
    if uri.lower() == setting.resource_type.schema.id.lower():
        return setting.resource_type.attribute(name)
    extension = setting.resource_type.extension(uri)
    return None if extension is None else extension.attribute(name)


def read_only_echo(operation: PatchOperation, setting: Setting) -> Rewritten:
    """Drop id, meta, groups and schemas from a value; another id stays, and is refused.

    tests/idp/okta.jsonl "rename group, id inside the value";
    tests/idp/authentik.jsonl "update group: path-less replace incl. schemas and id".
    """
    if operation.path is not None:
        target = setting.target(operation)
        is_own = target is not None and target.ref == AttributeRef(None, ID)
        return NOTHING if is_own and operation.value == setting.id else None
    only = _only(operation, setting)
    attribute = None if only is None else _plain(only.text, setting)
    if only is None or attribute is None:
        return None
    if attribute is ID:
        return NOTHING if only.value in (setting.id, None) else None
    return NOTHING if attribute.is_read_only or attribute is SCHEMAS else None


def unknown_null(operation: PatchOperation, setting: Setting) -> Rewritten:
    """Drop a null under a name that is unknown where it stands, before anyone looks elsewhere.

    Entra sends `department: null` beside the attributes of the core schema.
    """
    only = _only(operation, setting)
    if only is None or only.value is not None:
        return None
    key = only.text
    if _plain(key, setting) or extension_of(setting.resource_type, key):
        return None
    is_path = ":" in key or "." in key
    return None if is_path and setting.target_named(key) else NOTHING


def short_extension_name(operation: PatchOperation, setting: Setting) -> Rewritten:
    """Write out the URN of an attribute only one extension has.

    tests/idp/entra.jsonl "set manager: array with $ref, short path".
    """
    only = _only(operation, setting)
    key = operation.path if only is None else only.text
    if key is None or ":" in key.partition("[")[0]:
        return None
    target = setting.target_named(key)
    if target is None or target.ref.container is None:
        return None
    return (operation.at(str(target), operation.value if only is None else only.value),)


def dotted_key(operation: PatchOperation, setting: Setting) -> Rewritten:
    """Take a key that is a path for one: with dots, with a URN, with brackets.

    tests/idp/entra_aadOptscim062020.jsonl "path-less replace with dotted and URN keys".
    """
    only = _only(operation, setting)
    if only is None or (only.is_name and _plain(only.text, setting) is not None):
        return None
    target = setting.target_named(only.text)
    return None if target is None else (operation.at(only.text, only.value),)


def plain_key(operation: PatchOperation, setting: Setting) -> Rewritten:
    """Write the name of an attribute as path, which means the same (no tolerance)."""
    only = _only(operation, setting)
    if only is None or not only.is_name or _plain(only.text, setting) is None:
        return None
    return (operation.at(only.text, only.value),)


def unknown_attribute(operation: PatchOperation, setting: Setting) -> Rewritten:
    """Drop what no schema defines, as POST and PUT do: Microsoft's collection misspells one."""
    only = _only(operation, setting)
    if only is None or _plain(only.text, setting) is not None:
        return None
    if extension_of(setting.resource_type, only.text) is not None:
        return None
    return NOTHING


def foreign_schemas(operation: PatchOperation, setting: Setting) -> Rewritten:
    """Drop the URIs of other schemas from a value for `schemas`.

    tests/idp/google.jsonl and tests/idp/onelogin.jsonl send legacy ones on create.
    """
    only = _only(operation, setting)
    key, sent = (operation.path, operation.value) if only is None else (only.text, only.value)
    if key is None or key.lower() != SCHEMAS.name or not isinstance(sent, list):
        return None
    resource_type = setting.resource_type
    known = [
        uri
        for uri in sent
        if isinstance(uri, str)
        and (uri.lower() == resource_type.schema.id.lower() or resource_type.extension(uri))
    ]
    if len(known) == len(sent):
        return None
    return (operation.at(SCHEMAS.name, known),)
