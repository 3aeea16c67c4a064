"""A tenant's own definitions: schemas, resource types, the values of variables, and its mapping."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scim.schema.loading import Additions, filled

_ABOUT = frozenset({"version", "meta", "$schema"})
"""A document's members about itself; they are ignored, so that clients can send back what they read."""
_FINGERPRINT = 12
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definitions:
    """The documents of one tenant as it sent them, and its mapping.

    The mapping is a document of its own (docs/mapping.md). It is stored in one version with the rest,
    because it names attributes of these schemas.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    schemas: tuple[Document, ...] = ()
    resource_types: tuple[Document, ...] = ()
    mapping: Document = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number of documents."""
        return len(self.schemas) + len(self.resource_types)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The path segments of the resource types."""
        return tuple(
            str(resource_type.get("endpoint", ""))[1:] for resource_type in self.resource_types
        )

    @property
    def fingerprint(self) -> str:
        """A hash that distinguishes these documents from others with the same version number."""
        return _fingerprint_of(self.whole())

    def json(self) -> dict[str, object]:
        """Return the definitions as one document, without the mapping."""
        return {
            "variables": dict(self.variables),
            "schemas": list(self.schemas),
            "resourceTypes": list(self.resource_types),
        }

    def whole(self) -> dict[str, object]:
        """Return the stored form: the definitions and, unless it is empty, the mapping."""
        return {**self.json(), **({"mapping": dict(self.mapping)} if self.mapping else {})}

    def additions(self) -> Additions:
        """Return the additions to the profile's catalogue."""
        return Additions(
            schemas=_texts("schemas", "id", self.schemas),
            resource_types=_texts("resourceTypes", "name", self.resource_types),
            variables=self.variables,
            mapping=self.mapping,
        )

    def resolved(self, variables: Mapping[str, str]) -> "Definitions":
        """Return the documents with all variables filled in, the given ones and their own.

        Raises DefinitionError.
        """
        all_variables = {**variables, **self.variables}
        additions = self.additions()
        return Definitions(
            {},
            tuple(
                json.loads(filled(text, all_variables, source))
                for source, text in additions.schemas.items()
            ),
            tuple(
                json.loads(filled(text, all_variables, source))
                for source, text in additions.resource_types.items()
            ),
        )


NO_DEFINITIONS = Definitions()


@dataclass(frozen=True, slots=True)
class DefinitionVersion:
    """One version of a tenant's definitions, with its time and the token of its author."""

    version: int
    definitions: Definitions
    created: str = ""
    author: str = ""

    @property
    def label(self) -> str:
        """The version in the authorizer's context; a hash, because a tenant made again counts from one again."""
        return f"{self.version}-{self.definitions.fingerprint}"


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """A mapping that is not in force: its document, when it was drafted (RFC 3339 in UTC) and by whom."""

    document: Document
    created: str
    author: str

    @property
    def revision(self) -> str:
        """A hash of the draft: whoever activates it names the revision that they reviewed."""
        return _fingerprint_of(self.document)


def definitions_of(document: Mapping[str, object]) -> Definitions:
    """Return the definitions in a document; their content is not checked yet.

    Raises DefinitionError.
    """
    from scim.schema.definitions_document import (  # noqa: PLC0415 - few tenants define anything
        read_definitions,
    )

    model = read_definitions({n: value for n, value in document.items() if n not in _ABOUT})
    return Definitions(
        variables=model.variables,
        schemas=tuple(map(_without_meta, model.schemas)),
        resource_types=tuple(map(_without_meta, model.resource_types)),
    )


def kept_definitions(stored: Mapping[str, object]) -> Definitions:
    """Return the definitions of a document that `Definitions.whole` returned. Raises DefinitionError."""
    documents = {name: value for name, value in stored.items() if name != "mapping"}
    mapping = stored.get("mapping")
    definitions = definitions_of(documents)
    return replace(definitions, mapping=mapping) if isinstance(mapping, dict) else definitions


def source_of(member: str, index: int, name: object) -> str:
    """Return the name of a document in errors."""
    return f"{member}[{index}] {name}" if isinstance(name, str) else f"{member}[{index}]"


def _fingerprint_of(document: Document) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT]


def _without_meta(document: Document) -> Document:
    """Return a document without the members that a server adds."""
    return {name: value for name, value in document.items() if name not in _ABOUT}


def _texts(member: str, name: str, documents: tuple[Document, ...]) -> dict[str, str]:
    return {
        source_of(member, index, document.get(name)): json.dumps(document, ensure_ascii=False)
        for index, document in enumerate(documents)
    }
