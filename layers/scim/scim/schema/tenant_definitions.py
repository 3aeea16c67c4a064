"""What a tenant defines for itself: schemas, resource types, and what its variables stand for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scim.schema.loading import Additions, filled

_ABOUT = frozenset({"version", "meta", "$schema"})
"""What a document says of itself: left out, so that what was read can be sent back."""
_FINGERPRINT = 12
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definitions:
    """The documents of one tenant, as it gave them, and what it maps of what is made of them.

    What is mapped has a document of its own (docs/mapping.md), and is kept as one version with the rest: it
    names the attributes of the schemas beside it.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    schemas: tuple[Document, ...] = ()
    resource_types: tuple[Document, ...] = ()
    mapping: Document = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many documents there are."""
        return len(self.schemas) + len(self.resource_types)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The path segments of the resource types."""
        return tuple(str(each.get("endpoint", ""))[1:] for each in self.resource_types)

    @property
    def fingerprint(self) -> str:
        """What tells these documents from others of the same version number."""
        text = json.dumps(self.whole(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT]

    def json(self) -> dict[str, object]:
        """Return what is defined as one document; what is mapped is none of it."""
        return {
            "variables": dict(self.variables),
            "schemas": list(self.schemas),
            "resourceTypes": list(self.resource_types),
        }

    def whole(self) -> dict[str, object]:
        """Return all of it, as it is kept; what is not mapped leaves no trace."""
        return {**self.json(), **({"mapping": dict(self.mapping)} if self.mapping else {})}

    def additions(self) -> Additions:
        """Return what the tenant's catalogue has beside the profile's."""
        return Additions(
            schemas=_texts("schemas", "id", self.schemas),
            resource_types=_texts("resourceTypes", "name", self.resource_types),
            variables=self.variables,
            mapping=self.mapping,
        )

    def resolved(self, variables: Mapping[str, str]) -> "Definitions":
        """Return the documents with all variables filled in, these and their own.

        Raises DefinitionError.
        """
        known = {**variables, **self.variables}
        own = self.additions()
        return Definitions(
            {},
            tuple(json.loads(filled(text, known, at)) for at, text in own.schemas.items()),
            tuple(json.loads(filled(text, known, at)) for at, text in own.resource_types.items()),
        )


NO_DEFINITIONS = Definitions()


@dataclass(frozen=True, slots=True)
class DefinitionVersion:
    """One version of a tenant's definitions: when it was made, and with which token."""

    version: int
    definitions: Definitions
    created: str = ""
    author: str = ""

    @property
    def label(self) -> str:
        """What travels with a request: a tenant made anew counts from one again."""
        return f"{self.version}-{self.definitions.fingerprint}"


def definitions_of(document: Mapping[str, object]) -> Definitions:
    """Return the definitions a document holds; what they say is not looked at yet.

    Raises DefinitionError.
    """
    from scim.schema.definitions_document import (  # noqa: PLC0415 - few define anything
        read_definitions,
    )

    model = read_definitions({n: value for n, value in document.items() if n not in _ABOUT})
    return Definitions(
        variables=model.variables,
        schemas=tuple(map(_without_meta, model.schemas)),
        resource_types=tuple(map(_without_meta, model.resource_types)),
    )


def kept_definitions(whole: Mapping[str, object]) -> Definitions:
    """Return the definitions that `Definitions.whole` made a document of. Raises DefinitionError."""
    rest = {name: value for name, value in whole.items() if name != "mapping"}
    mapping = whole.get("mapping")
    definitions = definitions_of(rest)
    return replace(definitions, mapping=mapping) if isinstance(mapping, dict) else definitions


def source_of(member: str, index: int, name: object) -> str:
    """Return how errors name a document."""
    return f"{member}[{index}] {name}" if isinstance(name, str) else f"{member}[{index}]"


def _without_meta(document: Document) -> Document:
    """Return a document as it is defined: what a server says of it is the server's."""
    return {name: value for name, value in document.items() if name not in _ABOUT}


def _texts(member: str, name: str, documents: tuple[Document, ...]) -> dict[str, str]:
    return {
        source_of(member, index, each.get(name)): json.dumps(each, ensure_ascii=False)
        for index, each in enumerate(documents)
    }
