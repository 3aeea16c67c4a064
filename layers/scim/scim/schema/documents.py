"""Schema and resource type documents (RFC 7643 sections 6 and 7) as models of their JSON."""

import re
from collections import Counter
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from scim.expectation import expectation_of
from scim.schema.resource_type import (
    Derived,
    EdgesOf,
    Extension,
    Index,
    Moment,
    OnDelete,
    Reference,
    Relation,
    ResourceType,
)
from scim.schema.schema import (
    Attribute,
    AttributeMutability,
    AttributeType,
    AttributeUniqueness,
    DefinitionError,
    Returned,
    Schema,
)

SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:Schema"
RESOURCE_TYPE_URN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
STORAGE_URN = "urn:serverless-scim:params:scim:schemas:extension:storage:1.0:ResourceType"


_ATTRIBUTE = re.compile(r"\$?[A-Za-z][A-Za-z0-9_$-]*")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def _attribute_name(name: str) -> str:
    # RFC 7643 section 2.1, and `$` in front for `$ref`.
    if _ATTRIBUTE.fullmatch(name) is None:
        raise ValueError("expected a letter, then letters, digits, _, - and $")
    return name


def _uri(text: str) -> str:
    if _URI.fullmatch(text) is None:
        raise ValueError("expected a URI, such as urn:example:core:1.0:Device")
    return text


def _refuse_twice(names: list[str]) -> None:
    counts = Counter(map(str.lower, names))
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise ValueError(f"defined more than once (case does not count): {', '.join(twice)}")


class _Document(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, populate_by_name=True
    )


class AttributeModel(_Document):
    """One attribute definition; omitted members have the defaults of RFC 7643 section 2.2."""

    name: Annotated[str, AfterValidator(_attribute_name)]
    type: AttributeType = AttributeType.STRING
    multi_valued: bool = False
    description: str = ""
    required: bool = False
    canonical_values: tuple[str, ...] = ()
    case_exact: bool = False
    mutability: AttributeMutability = AttributeMutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: AttributeUniqueness = AttributeUniqueness.NONE
    reference_types: tuple[str, ...] = ()
    sub_attributes: "tuple[AttributeModel, ...]" = ()
    open: bool = False
    """Our own hint, not served: its sub-attributes can have any names."""
    known_by: str | None = None
    """Our own hint, not served: the sub-attribute that identifies its values, set by us if missing."""

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        is_complex = self.type is AttributeType.COMPLEX
        if self.open and (not is_complex or self.multi_valued):
            raise ValueError("only a complex attribute with one value is open")
        if self.known_by is not None and not self._has_several_with(self.known_by):
            raise ValueError(
                "knownBy names a part, a string with one value, of an attribute with several values"
            )
        if is_complex and not self.sub_attributes and not self.open:
            raise ValueError("a complex attribute needs subAttributes")
        if self.sub_attributes and not is_complex:
            raise ValueError("only a complex attribute has subAttributes")
        if self.reference_types and self.type is not AttributeType.REFERENCE:
            raise ValueError("only a reference has referenceTypes")
        if (
            self.mutability is AttributeMutability.WRITE_ONLY
            and self.returned is not Returned.NEVER
        ):
            raise ValueError("a writeOnly attribute must be returned never")
        _refuse_twice([sub.name for sub in self.sub_attributes])
        return self

    def _has_several_with(self, part: str) -> bool:
        return self.multi_valued and any(
            sub.name == part and sub.type is AttributeType.STRING and not sub.multi_valued
            for sub in self.sub_attributes
        )

    def attribute(self) -> Attribute:
        return Attribute(
            name=self.name,
            type=self.type,
            multi_valued=self.multi_valued,
            description=self.description,
            required=self.required,
            case_exact=self.case_exact,
            mutability=self.mutability,
            returned=self.returned,
            uniqueness=self.uniqueness,
            canonical_values=self.canonical_values,
            reference_types=self.reference_types,
            sub_attributes=tuple(sub.attribute() for sub in self.sub_attributes),
            is_open=self.open,
            known_by=self.known_by,
        )


def _unique_names(attributes: tuple[AttributeModel, ...]) -> tuple[AttributeModel, ...]:
    _refuse_twice([attribute.name for attribute in attributes])
    return attributes


class SchemaModel(_Document):
    """The document of a schema."""

    schemas: tuple[str, ...] = (SCHEMA_URN,)
    id: Annotated[str, AfterValidator(_uri)]
    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    attributes: Annotated[tuple[AttributeModel, ...], AfterValidator(_unique_names)]

    def schema_(self) -> Schema:
        attributes = tuple(attribute.attribute() for attribute in self.attributes)
        return Schema(self.id, self.name, self.description, attributes)


class _ExtensionModel(_Document):
    schema_: Annotated[str, Field(alias="schema")]
    required: bool


class _IndexModel(_Document):
    attribute: str
    unique: bool = False
    late: bool = False


class _AliasModel(_Document):
    uri: str
    schema_: Annotated[str, Field(alias="schema")]


class _RelationModel(_Document):
    attribute: str
    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    back_link: str | None = None
    metadata: str | None = None


class _ReferenceModel(_Document):
    attribute: str
    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    on_delete: OnDelete = OnDelete.REFUSE


class _EdgesOfModel(_Document):
    type: str
    relation: str
    source: str
    target: str


class _DerivedModel(_Document):
    attribute: str
    from_: Annotated[tuple[str, ...], Field(alias="from")] = ()
    constant: str | int | bool | None = None
    at: Moment = Moment.CREATION
    unique: bool = False

    def derived(self) -> Derived:
        return Derived(self.attribute, self.from_, self.constant, self.at, self.unique)


class _StorageModel(_Document):
    indexes: tuple[_IndexModel, ...] = ()
    relations: tuple[_RelationModel, ...] = ()
    references: tuple[_ReferenceModel, ...] = ()
    aliases: tuple[_AliasModel, ...] = ()
    derived: tuple[_DerivedModel, ...] = ()
    edges_of: _EdgesOfModel | None = None


class ResourceTypeModel(_Document):
    """The document of a resource type, with our own hints in an extension."""

    schemas: tuple[str, ...] = (RESOURCE_TYPE_URN,)
    id: str | None = None
    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
    endpoint: Annotated[str, Field(pattern=r"^/[A-Za-z0-9_.~-]+$")]
    description: str = ""
    schema_: Annotated[str, Field(alias="schema")]
    schema_extensions: tuple[_ExtensionModel, ...] = ()
    storage: Annotated[_StorageModel, Field(alias=STORAGE_URN)] = _StorageModel()

    def resource_type(self, schemas: dict[str, Schema], source: str) -> ResourceType:
        """Return the resource type with its schemas; `source` names the document in errors.

        Raises DefinitionError for an unknown schema.
        """

        def schema(uri: str) -> Schema:
            if uri not in schemas:
                raise DefinitionError(f"{source}: there is no schema {uri}")
            return schemas[uri]

        edges_of = self.storage.edges_of

        def aliases(uri: str) -> tuple[str, ...]:
            return tuple(alias.uri for alias in self.storage.aliases if alias.schema_ == uri)

        return ResourceType(
            name=self.name,
            endpoint=self.endpoint,
            description=self.description,
            schema=schema(self.schema_),
            extensions=tuple(
                Extension(schema(extension.schema_), extension.required, aliases(extension.schema_))
                for extension in self.schema_extensions
            ),
            indexes=tuple(
                Index(index.attribute, index.unique, index.late) for index in self.storage.indexes
            ),
            relations=tuple(
                Relation(
                    relation.attribute, relation.targets, relation.back_link, relation.metadata
                )
                for relation in self.storage.relations
            ),
            references=tuple(
                Reference(reference.attribute, reference.targets, reference.on_delete)
                for reference in self.storage.references
            ),
            edges_of=None if edges_of is None else EdgesOf(**dict(edges_of)),
            derived=tuple(derived.derived() for derived in self.storage.derived),
            aliases=aliases(self.schema_),
        )


def schema_from(document: str | bytes, source: str) -> Schema:
    """Return the schema that a JSON document defines; `source` names the document in errors."""
    try:
        return SchemaModel.model_validate_json(document).schema_()
    except ValidationError as error:
        raise DefinitionError(_detail_of(error, source)) from error


def resource_type_from(
    document: str | bytes, schemas: dict[str, Schema], source: str
) -> ResourceType:
    """Return the resource type that a JSON document defines; `schemas` are by URI."""
    try:
        model = ResourceTypeModel.model_validate_json(document)
    except ValidationError as error:
        raise DefinitionError(_detail_of(error, source)) from error
    return model.resource_type(schemas, source)


def _detail_of(error: ValidationError, source: str) -> str:
    first_error = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first_error["loc"]) or "document"
    return f"{source}: {where}: {expectation_of(first_error)}"
