"""ATTRIBUTE=VALUE arguments, converted to the types in the served schemas."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import click
import httpx2
from pydantic import ValidationError
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_client.errors import SCIMClientException
from scim2_models import (
    Context,
    ResourceType,
    Schema,
    SCIMException,
    ScimProvider,
    ScimProviderError,
)

from scim.service.administration.suggestions import suggestion
from scim_cli.http_client import client_for
from scim_cli.service import Refused, Service

_EXPECTED = {
    "bool_parsing": "expected true or false",
    "int_parsing": "expected an integer",
    "float_parsing": "expected a number",
    "datetime_from_date_parsing": "expected a time such as 2026-03-01T10:00:00Z",
}
"""What a text should be, by the word for what pydantic found wrong."""

_PAIR = re.compile(r'((?:[^=[]|\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])+)=(.*)', re.DOTALL)
"""A path, whose filter may contain `=` in its texts, and a value."""

Pairs = Mapping[str, str]
"""Texts by the paths of attributes, such as `name.givenName`."""


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
    """Return the resource that the texts describe, with values of the types in its schema.

    A text that begins with [ or { is JSON. Ends the command when an attribute is not in the schemas.
    """
    document: dict[str, Any] = {}
    for path, text in pairs.items():
        _put(document, path, _value_of(path, text))
    model = _model(service, endpoint)
    try:
        resource = model.model_validate(document)
    except ValidationError as error:
        names = [field.serialization_alias or name for name, field in model.model_fields.items()]
        raise click.ClickException(_complaint(error, names)) from error
    body: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    return body


def patch_of(service: Service, endpoint: str, pairs: Pairs) -> dict[str, Any]:
    """Return the PATCH that gives attributes these values, and removes those whose text is empty."""
    plain = {path: text for path, text in pairs.items() if text and "[" not in path}
    typed = resource_of(service, endpoint, plain) if plain else {}
    operations: list[dict[str, Any]] = []
    for path, text in pairs.items():
        if not text:
            operations.append({"op": "remove", "path": path})
        else:
            # What only the service sets is not in the typed document: the service refuses it.
            value = value_at(typed, path) if path in plain else None
            value = _value_of(path, text) if value is None else value
            operations.append({"op": "replace", "path": path, "value": value})
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    }


def _names_in(path: str) -> list[str]:
    """Return the names in a path; an extension's URN is one of them."""
    urn, colon, dotted = path.rpartition(":")
    return [*([urn] if colon else []), *dotted.split(".")]


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path; ends the command if the path has a value, or a part of it has one that is no object."""
    *parents, name = _names_in(path)
    for parent in parents:
        document = document.setdefault(_own_name(document, parent), {})
        if not isinstance(document, dict):
            raise click.UsageError(f"{path}: {parent} is given another value.")
    if _own_name(document, name) in document:
        raise click.UsageError(f"{path} is given twice.")
    document[name] = value


def _own_name(document: Mapping[str, Any], name: str) -> str:
    """Return a name as the document has it, because its case has no meaning."""
    return next((key for key in document if key.lower() == name.lower()), name)


def _value_of(path: str, text: str) -> Any:
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{path}: not JSON: {error}") from error


def _model(service: Service, endpoint: str) -> Any:
    """Return scim2-models' model of a resource type, built from those of the served schemas that it has.

    Raises Refused and httpx2.RequestError, as every request to the service does.
    """
    with client_for(service.url, base_url=service.url, auth=service.auth) as http:
        client = SyncSCIMClient(http)
        try:
            types = {
                str(type_.endpoint).strip("/").lower(): type_
                for type_ in _served(client, ResourceType)
            }
            resource_type = types.get(endpoint.lower())
            if resource_type is None or resource_type.name is None:
                raise click.ClickException(
                    f"{service.url} serves no {endpoint}; it serves {', '.join(sorted(types))}."
                )
            extensions = resource_type.schema_extensions or ()
            urns = {
                str(urn).lower()
                for urn in (resource_type.schema_, *(each.schema_ for each in extensions))
            }
            schemas = [each for each in _served(client, Schema) if str(each.id).lower() in urns]
            return ScimProvider.from_discovery(schemas, [resource_type]).model_for(resource_type)
        except SCIMException as error:
            raise Refused(error.status, error.detail) from error
        except (SCIMClientException, ScimProviderError) as error:
            if isinstance(error.__cause__, httpx2.RequestError):
                raise error.__cause__ from error
            service.call("GET", "/ResourceTypes")  # raises what the server says, if it refuses
            raise click.ClickException(
                f"The schemas of {service.url} are not those of RFC 7643; give --file. {error}"
            ) from error


def _served(client: SyncSCIMClient, kind: Any) -> Iterable[Any]:
    """Return the resource types or schemas of a service."""
    answer: Any = client.query(kind, raise_scim_errors=True)
    return answer.resources or ()


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


def _complaint(error: ValidationError, names: Iterable[str]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"] if not str(part)[0].isupper())
    if first["type"] == "extra_forbidden":
        return f"{path} is not an attribute of the served schemas.{suggestion(path, names)}"
    return f"{path}: {_EXPECTED.get(first['type'], first['msg'])}."
