"""The document of a tenant's mapping as a model of its JSON."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from scim.expectation import expectation_of
from scim.schema.dialect_names import echo_of
from scim.schema.schema import DefinitionError

_Text = Annotated[str, Field(min_length=1, max_length=1024)]
_Simple = str | bool | int | float


class _Part(BaseModel):
    model_config = ConfigDict(
        strict=True,
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
    )


class _AttributeModel(_Part):
    type: _Text = "User"
    source: _Text | None = None
    target: _Text
    value: _Simple | None = None
    default: _Simple | None = None
    change: Literal["lower", "upper", "trim"] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.source is None) == (self.value is None):
            raise ValueError("either a source or a value is expected")
        if self.source is None and (self.default is not None or self.change is not None):
            raise ValueError("a default and a change are expected beside a source only")
        return self


class _GroupModel(_Part):
    id: _Text | None = None
    display_name: _Text | None = None
    external_id: _Text | None = None
    roles: list[_Text] = Field(default_factory=list, max_length=100)
    entitlements: list[_Text] = Field(default_factory=list, max_length=100)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        named = [self.id, self.display_name, self.external_id]
        if sum(member is not None for member in named) != 1:
            raise ValueError("one of id, displayName and externalId is expected")
        if not self.roles and not self.entitlements:
            raise ValueError("roles or entitlements are expected")
        return self


class MappingModel(_Part):
    """A tenant's mapping; whether its attributes exist is not checked here."""

    attributes: list[_AttributeModel] = Field(default_factory=list, max_length=200)
    groups: list[_GroupModel] = Field(default_factory=list, max_length=2000)


def read_mapping(document: Mapping[str, object]) -> dict[str, Any]:
    """Return a mapping in its stored form: without members that have their default, empty without rules.

    Raises DefinitionError, which says where the document is wrong and what was expected.
    """
    try:
        model = MappingModel.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(echo_of, ("mapping", *first["loc"])))
        raise DefinitionError(f"{where}: {expectation_of(first)}") from error
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True)
