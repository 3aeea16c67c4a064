"""The intake of a resource from POST or PUT: converts a client's JSON to the canonical body.

The canonical body spells names as the schema does and nests extensions under their URN. It has no id,
meta, schemas or other readOnly values, and no unassigned values (RFC 7643 section 2.5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import lru_cache

from scim.errors import InvalidSchemas, InvalidSyntax
from scim.immutable import REMEMBERED, immutable
from scim.profile import Profile, Tolerance
from scim.resource.domain_names import with_plain_names
from scim.resource.relations import require_named
from scim.resource.value import Check, printable_name, require_distinct_names
from scim.schema.dialect_names import below_former, dotted, short
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import COMMON, SCHEMAS, Attribute, split_name
from scim.schema.spelling import object_in_text

_LIST_OF_ONE = Tolerance.LIST_OF_ONE


@immutable
class Intake:
    """The canonical body, the tolerances that applied, and the id that the client sent, if any.

    `ignored` are the sent values of readOnly attributes of the base schema, by name as in the schema.
    """

    body: dict[str, object]
    tolerated: frozenset[Tolerance] = frozenset()
    id: str | None = None
    ignored: Mapping[str, object] = field(default_factory=dict)


def intake_of(resource_type: ResourceType, body: object, profile: Profile) -> Intake:
    """Return the canonical body of a POST or PUT of this resource type.

    Raises InvalidSyntax when the structure is wrong, InvalidSchemas when `schemas` is, InvalidValue
    when a value is.
    """
    if not isinstance(body, dict):
        raise InvalidSyntax("body: expected a JSON object, a resource")
    require_distinct_names(body, "body")
    reader = _BodyReader(resource_type, profile)
    reader.take(body)
    sent_id = _sent(body, "id")
    stored = with_plain_names(resource_type, reader.stored, profile.domains)
    return Intake(
        stored,
        frozenset(reader.check.tolerated),
        sent_id if isinstance(sent_id, str) else None,
        reader.ignored,
    )


@lru_cache(maxsize=REMEMBERED)
def _kept_by_name(resource_type: ResourceType) -> Mapping[str, Attribute]:
    """Return the base attributes that a client can set, by name in lower case."""
    attributes = (*COMMON, *resource_type.schema.attributes)
    return {
        declared.name.lower(): attribute
        for declared in attributes
        if (attribute := resource_type.attribute(declared.name)) is not None
        and not attribute.is_read_only
        and attribute.name != SCHEMAS.name
        and resource_type.extension(declared.name) is None
    }


@lru_cache(maxsize=REMEMBERED)
def _declared(resource_type: ResourceType) -> frozenset[str]:
    """Return the names, in lower case, of attributes and extensions at the top level of a body."""
    extensions = [
        uri
        for extension in resource_type.extensions
        for uri in (extension.schema.id, *extension.aliases)
    ]
    names = [attribute.name for attribute in (*COMMON, *resource_type.schema.attributes)]
    aliases = {alias.lower() for alias in resource_type.aliases}
    return frozenset({name.lower() for name in (*names, *extensions)} - aliases)


def _sent(body: Mapping[str, object], name: str) -> object:
    """Return the value under a name, which is in lower case, whatever its case in the body."""
    if name in body:
        return body[name]
    return next((value for key, value in body.items() if key.lower() == name), None)


class _BodyReader:
    def __init__(self, resource_type: ResourceType, profile: Profile) -> None:
        self.type = resource_type
        self.check = Check(profile)
        self.stored: dict[str, object] = {}
        self.ignored: dict[str, object] = {}

    def take(self, body: dict[str, object]) -> None:
        self._require_schemas(body)
        if not _declared(self.type).issuperset(map(str.lower, body)):
            body = self._nested(self._flat(body))
        attributes_by_name = _kept_by_name(self.type)
        for name, value in body.items():
            attribute = attributes_by_name.get(name.lower())
            if attribute is not None:
                self._keep(self.stored, attribute, value, attribute.name)
            elif (extension := self.type.extension(name)) is not None:
                self._take_extension(extension.id, name, value)
            else:
                self._take_other(self.type.attribute(name), name, value)
        for relation in self.type.relations:
            attribute = self.type.attribute(relation.attribute)
            if attribute is not None:
                require_named(attribute, _sent(body, relation.attribute.lower()))

    def _require_schemas(self, body: dict[str, object]) -> None:
        """Raise InvalidSchemas unless `schemas` has the base schema's URI and no unknown one."""
        sent_uris = _sent(body, SCHEMAS.name)
        if sent_uris == [self.type.schema.id]:  # the usual case
            return
        if sent_uris in (None, []) and self.check.tolerates(Tolerance.MISSING_SCHEMAS):
            return
        if isinstance(sent_uris, str) and self.check.tolerates(Tolerance.LONE_OBJECTS):
            sent_uris = [sent_uris]
        if not isinstance(sent_uris, list) or not sent_uris:
            raise InvalidSchemas(f"schemas: expected an array with {self.type.schema.id}")
        known_uris = {self.type.schema.id.lower()}
        known_uris |= {extension.schema.id.lower() for extension in self.type.extensions}
        uris: set[str] = set()
        for position, uri in enumerate(sent_uris):
            if not isinstance(uri, str):
                raise InvalidSchemas(f"schemas[{position}]: expected a URI as string")
            uris.add(uri.lower())
            is_known = uri.lower() in known_uris or self.type.is_alias(uri)
            if not is_known and not self._tolerates_foreign():
                raise InvalidSchemas(f"schemas[{position}]: no schema of this resource type")
        if self.type.schema.id.lower() not in uris and not self._tolerates_foreign():
            raise InvalidSchemas(f"schemas: {self.type.schema.id} is missing")

    def _tolerates_foreign(self) -> bool:
        return self.check.tolerates(Tolerance.FOREIGN_SCHEMAS)

    def _flat(self, body: dict[str, object]) -> dict[str, object]:
        """Return the body with the attributes under the base schema's URI moved to the top level."""
        flat: dict[str, object] = {}
        for name, value in body.items():
            inner = (value or {}) if self._is_base(name) else {name: value}
            if not isinstance(inner, dict):
                raise InvalidSyntax(f"{printable_name(name)}: expected an object")
            if not flat.keys().isdisjoint(inner):
                raise InvalidSyntax(
                    f"{printable_name(name)}: an attribute in it occurs more than once"
                )
            flat |= inner
        require_distinct_names(flat, "body")
        return flat

    def _is_base(self, name: str) -> bool:
        """Return whether the name means the base schema: an alias always does, its URN if tolerated."""
        if not self.type.is_base(name):
            return False
        return self.type.is_alias(name) or self.check.tolerates(Tolerance.BASE_SCHEMA_KEY)

    def _nested(self, body: dict[str, object]) -> dict[str, object]:
        """Return the body with the values under paths such as `urn:…:User:department` nested."""
        paths = {name: ref for name in body if (ref := self._path(name)) is not None}
        if not paths:
            return body
        nested = _Level({name: value for name, value in body.items() if name not in paths})
        for name, ref in paths.items():
            sub_name = None if ref.sub is None else ref.sub.name
            steps = [step for step in (ref.container, ref.attribute.name, sub_name) if step]
            nested.put(steps, body[name], where=printable_name(name))
        return nested.members

    def _path(self, name: str) -> AttributeRef | None:
        """Return the attribute that a key means as a path, None if it is an attribute or extension."""
        if self.type.attribute(name) is not None or self.type.extension(name) is not None:
            return None
        ref, needed = self.type.named(name), Tolerance.DOTTED_KEYS
        if ref is None:
            ref, needed = below_former(self.type, *split_name(name)), Tolerance.FOREIGN_SCHEMAS
        if ref is None:
            ref, needed = dotted(self.type, name), Tolerance.DOTTED_URN
        return ref if ref is not None and self.check.tolerates(needed) else None

    def _take_other(self, attribute: Attribute | None, name: str, value: object) -> None:
        if attribute is not None:
            # RFC 7644 section 3.3: readOnly values are ignored; schemas is derived
            if attribute.is_read_only:
                self.ignored[attribute.name] = value
            return
        ref = None if value is None else short(self.type, name)
        uri = None if ref is None else ref.container
        if ref and uri and self.check.tolerates(Tolerance.SHORT_EXTENSION_NAME):
            self._keep_in(uri, ref.attribute, value)
            return
        self.check.pass_unknown(value, printable_name(name))

    def _take_extension(self, uri: str, name: str, value: object) -> None:
        if value is None or value == []:
            return
        if isinstance(value, list) and len(value) == 1 and self.check.tolerates(_LIST_OF_ONE):
            value = value[0]
        object_read = object_in_text(value)
        if object_read is not None and self.check.tolerates(Tolerance.JSON_TEXT):
            value = object_read
        if not isinstance(value, dict):
            raise InvalidSyntax(f"{uri}: expected an object")
        if name.lower() != uri.lower() and not self._tolerates_foreign():
            raise InvalidSyntax(f"{printable_name(name)}: write {uri}")
        require_distinct_names(value, uri)
        schema = self.type.extension(uri)
        for part_name, part in value.items():
            attribute = None if schema is None else schema.attribute(part_name)
            if attribute is None:
                self.check.pass_unknown(part, f"{uri}:{printable_name(part_name)}")
            else:
                self._keep_in(uri, attribute, part)

    def _keep_in(self, uri: str, attribute: Attribute, value: object) -> None:
        if attribute.is_read_only:
            return
        extension = self.stored.get(uri)
        parts = dict(extension) if isinstance(extension, dict) else {}
        self._keep(parts, attribute, value, f"{uri}:{attribute.name}")
        if parts:
            self.stored[uri] = parts

    def _keep(
        self, parts: dict[str, object], attribute: Attribute, value: object, where: str
    ) -> None:
        stored_form = self.check.stored_form(attribute, value, where)
        if stored_form is None:
            return
        if attribute.name in parts:
            raise InvalidSyntax(f"{where}: occurs more than once")
        parts[attribute.name] = stored_form


class _Level:
    """An object that gets members; a nested object is copied once, before it changes."""

    def __init__(self, members: dict[str, object]) -> None:
        self.members = members
        self._names = {name.lower(): name for name in members}
        self._inner: dict[str, _Level] = {}

    def put(self, steps: Sequence[str], value: object, where: str) -> None:
        """Put the value below these names; raises InvalidSyntax when another value is there."""
        name, *further_steps = steps
        if further_steps:
            self._within(name, where).put(further_steps, value, where)
        elif name.lower() in self._names:
            raise InvalidSyntax(f"{where}: occurs more than once")
        else:
            self._set(name, value)

    def _within(self, step: str, where: str) -> "_Level":
        folded_step = step.lower()
        if folded_step not in self._inner:
            name = self._names.get(folded_step, step)
            inner = self.members.get(name)
            if not isinstance(inner, dict | None):
                raise InvalidSyntax(f"{where}: {step} is no object")
            self._inner[folded_step] = _Level(dict(inner or {}))
            self._set(name, self._inner[folded_step].members)
        return self._inner[folded_step]

    def _set(self, name: str, value: object) -> None:
        self.members[name] = value
        self._names[name.lower()] = name
