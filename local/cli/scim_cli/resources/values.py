"""ATTRIBUTE=VALUE arguments, converted to the types in the served schemas."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import click

from scim.service.administration.suggestions import suggestion
from scim_cli.service import Service

_PAIR = re.compile(r'((?:[^=[]|\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])+)=(.*)', re.DOTALL)
"""A path, whose filter may contain `=` in its texts, and a value."""

_FILTER = re.compile(r"\[.*\]", re.DOTALL)

Pairs = Mapping[str, str]
"""Texts by the paths of attributes, such as `name.givenName`."""


@dataclass(frozen=True, slots=True)
class ServedAttribute:
    """What the command line needs of an attribute; an extension is one with its URN as name."""

    name: str
    type: str
    is_list: bool
    parts: "ServedAttributes"

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "ServedAttribute":
        """Return the attribute that a schema describes."""
        parts = _attributes_of(document.get("subAttributes"))
        type_ = str(document.get("type", "string"))
        return cls(str(document["name"]), type_, document.get("multiValued") is True, parts)


ServedAttributes = Mapping[str, ServedAttribute]
"""Attributes by name in lower case."""


def _attributes_of(documents: Iterable[Mapping[str, Any]] | None) -> dict[str, ServedAttribute]:
    attributes = map(ServedAttribute.of, documents or ())
    return {attribute.name.lower(): attribute for attribute in attributes}


_META = ("resourceType", "created", "lastModified", "location", "version")
_COMMON = _attributes_of(
    [
        {"name": "schemas", "multiValued": True},
        {"name": "id"},
        {"name": "externalId"},
        {"name": "meta", "type": "complex", "subAttributes": [{"name": each} for each in _META]},
    ]
)
"""The attributes of every resource, which schemas leave out (RFC 7643 section 3.1)."""


def pairs_in(arguments: Iterable[str]) -> dict[str, str]:
    """Return the texts by path; ends the command if an argument is not ATTRIBUTE=VALUE."""
    pairs: dict[str, str] = {}
    for argument in arguments:
        pair = _PAIR.fullmatch(argument)
        if pair is None:
            raise click.UsageError(f"{argument}: expected ATTRIBUTE=VALUE, such as active=true.")
        path, text = pair.groups()
        pairs[path] = text
    return pairs


def resource_of(service: Service, endpoint: str, pairs: Pairs) -> dict[str, Any]:
    """Return the resource that the texts describe, with values of the types in its schemas.

    Ends the command when an attribute is not in the schemas. The service judges the values.
    """
    urn, attributes = _served_at(service, endpoint)
    document: dict[str, Any] = {}
    for path, text in pairs.items():
        found = _attributes_at(attributes, path, path)
        _put(document, path, [each.name for each in found], _value_of(found[-1], path, text))
    extensions = [name for name in document if ":" in name]
    return {"schemas": [urn, *extensions], **document}


def patch_of(service: Service, endpoint: str, pairs: Pairs) -> dict[str, Any]:
    """Return the PATCH that gives attributes these values, and removes those whose text is empty."""
    attributes = _served_at(service, endpoint)[1] if any(pairs.values()) else {}
    operations: list[dict[str, Any]] = []
    for path, text in pairs.items():
        if text:
            attribute = _attributes_at(attributes, path, _FILTER.sub("", path))[-1]
            value = _value_of(attribute, path, text)
            operations.append({"op": "replace", "path": path, "value": value})
        else:
            operations.append({"op": "remove", "path": path})
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    }


def _names_in(path: str) -> list[str]:
    """Return the names in a path; an extension's URN is one of them."""
    urn, colon, dotted = path.rpartition(":")
    return [*([urn] if colon else []), *dotted.split(".")]


def _attributes_at(attributes: ServedAttributes, argument: str, path: str) -> list[ServedAttribute]:
    """Return the attributes along a path, without its filters; ends the command if one is not there."""
    found: list[ServedAttribute] = []
    for name in [path] if path.lower() in attributes else _names_in(path):
        if name.lower() not in attributes:
            hint = suggestion(name, (each.name for each in attributes.values()))
            raise click.ClickException(
                f"{argument} is not an attribute of the served schemas.{hint}"
            )
        found.append(attributes[name.lower()])
        attributes = found[-1].parts
    return found


def _put(document: dict[str, Any], path: str, names: list[str], value: Any) -> None:
    """Put a value at a path; ends the command if the path has a value, or a part of it has one that is no object."""
    *parents, name = names
    for parent in parents:
        document = document.setdefault(parent, {})
        if not isinstance(document, dict):
            raise click.UsageError(f"{path}: {parent} is given another value.")
    if name in document:
        raise click.UsageError(f"{path} is given twice.")
    document[name] = value


def _value_of(attribute: ServedAttribute, path: str, text: str) -> Any:
    """Return the value that a text is; the text itself where it is none of this type."""
    if text.startswith(("[", "{")) and (attribute.is_list or attribute.type == "complex"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise click.UsageError(f"{path}: not JSON: {error}") from error
    match attribute.type:
        case "boolean":
            return {"true": True, "false": False}.get(text.lower(), text)
        case "integer" | "decimal":
            return _number_in(text)
    return text


def _number_in(text: str) -> int | float | str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if type(value) in {int, float} and -inf < value < inf else text


def _served_at(service: Service, endpoint: str) -> tuple[str, ServedAttributes]:
    """Return the URN and the attributes of the resource type at an endpoint, as the service describes them."""
    types, _ = service.page("/ResourceTypes")
    by_endpoint = {str(each.get("endpoint")).strip("/").lower(): each for each in types}
    if endpoint.lower() not in by_endpoint:
        raise click.ClickException(
            f"{service.url} serves no {endpoint}; it serves {', '.join(sorted(by_endpoint))}."
        )
    schemas, _ = service.page("/Schemas")
    try:
        type_ = by_endpoint[endpoint.lower()]
        by_urn = {each["id"].lower(): each for each in schemas}
        base = by_urn[type_["schema"].lower()]
        urns = [each["schema"].lower() for each in type_.get("schemaExtensions") or ()]
        extensions = [
            {"name": each["id"], "type": "complex", "subAttributes": each.get("attributes")}
            for each in (by_urn[urn] for urn in urns if urn in by_urn)
        ]
        attributes = _attributes_of([*extensions, *base["attributes"]])
        return base["id"], {**_COMMON, **attributes}
    except (AttributeError, KeyError, TypeError) as error:
        raise click.ClickException(
            f"The schemas of {service.url} are not those of RFC 7643; give --file."
        ) from error


def value_at(document: Any, path: str) -> Any:
    """Return the value at a path, None without one; below a list, the values of its elements."""
    for name in _names_in(path):
        if isinstance(document, list):
            document = [value_at(element, name) for element in document]
        else:
            document = (
                document.get(_own_name(document, name)) if isinstance(document, dict) else None
            )
    return document


def _own_name(document: Mapping[str, Any], name: str) -> str:
    """Return a name as the document has it, because its case has no meaning."""
    return next((key for key in document if key.lower() == name.lower()), name)
