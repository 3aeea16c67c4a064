"""The document of a tenant's definitions as a model of its JSON."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from scim.expectation import expectation_of
from scim.schema.dialect_names import echo_of
from scim.schema.schema import DefinitionError


class DefinitionsModel(BaseModel):
    """A tenant's definitions; the documents in it are not checked here."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, populate_by_name=True
    )

    variables: dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")], str] = Field(
        default_factory=dict
    )
    schemas: tuple[dict[str, Any], ...] = ()
    resource_types: tuple[dict[str, Any], ...] = ()


def read_definitions(document: Mapping[str, object]) -> DefinitionsModel:
    """Return the content of a document; raises DefinitionError, which names the invalid place."""
    try:
        return DefinitionsModel.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(echo_of, first["loc"])) or "document"
        raise DefinitionError(f"{where}: {expectation_of(first)}") from error
