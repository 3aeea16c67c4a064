"""The readers of untrusted bytes, each alone: anything but a refusal is a finding."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scim.errors import InvalidValue, ScimError
from scim.filter.parsing.parse import parse_attribute, parse_filter, parse_path
from scim.http.message.body import json_object
from scim.http.message.request import Request
from scim.patch.apply import applied
from scim.patch.operation import resolved_operations
from scim.patch.request import request_of
from scim.principal import Principal
from scim.profile import Profile
from scim.profile.shipped import names, shipped
from scim.resource.budget import RequestBudget
from scim.resource.intake import intake_of
from scim.schema.documents import DefinitionError
from scim.schema.loading import catalogue_of
from scim.schema.reserved_names import require_free, require_storable
from scim.schema.tenant_definitions import definitions_of
from scim.service.transfer.formats.ldif_records import attributes_of, ldif_records_of
from scim.service.transfer.formats.lines import object_in
from scim.service.transfer.formats.records import cells_of, records_of
from scim.service.transfer.lists import split_list
from tests.fakes.devices import DOCUMENT
from tests.fakes.endpoint import type_of

TESTS = Path(__file__).parents[1]
MOST = 65_536
CALLER = Principal("acme", "t1", frozenset({"*"}))


@dataclass(frozen=True, slots=True)
class FuzzTarget:
    """A reader, and texts it is known to meet; a slow one is given one of so many texts only."""

    read: Callable[[str], object]
    texts: Callable[[], Sequence[str]]
    one_of: int = 1

    def survives(self, text: str) -> bool:
        """Tell whether the text was read or refused; raises whatever else there was."""
        try:
            self.read(text)
        except ScimError:
            return False
        return True


def _body(text: str) -> dict[str, object]:
    content = text.encode("utf-8", "surrogatepass")
    headers = {"content-type": "application/scim+json"}
    return json_object(Request("POST", {}, headers, content, CALLER, "https://x/scim/v2"), MOST)


def _profile_for(text: str) -> Profile:
    """Return one profile or the other: the same for the same text."""
    return shipped(names()[len(text) % len(names())])


def _patch(text: str) -> object:
    user, profile = type_of("User"), _profile_for(text)
    operations = resolved_operations(
        user, request_of(_body(text), profile).operations, profile
    ).operations
    return applied(
        user, {"userName": "a", "emails": [{"value": "a@x"}]}, operations, profile, RequestBudget()
    )


def _intake(text: str) -> object:
    return intake_of(type_of("User"), _body(text), _profile_for(text))


def _csv(text: str) -> object:
    return [cells_of(record.text, ",") for record in records_of(iter([text]), ",", MOST)]


def _ldif(text: str) -> object:
    content = text.encode("utf-8", "surrogatepass")
    entries = list(ldif_records_of(iter([content])))
    return [attributes_of(entry.content, entry.line) for entry in entries]


def _line(text: str) -> object:
    return object_in(text.encode("utf-8", "surrogatepass"))


def _definitions(text: str) -> object:
    try:
        definitions = definitions_of(_body(text))
        require_free(definitions)
        new = catalogue_of(Profile(), definitions.additions())
        require_storable(new)
    except DefinitionError as error:
        # As the service refuses it (scim.service.definitions.checked).
        raise InvalidValue(f"{error}.") from error
    return new


def _table(name: str, member: str) -> list[str]:
    rows = json.loads((TESTS / name).read_text("utf-8"))
    return [str(row[member]) for row in rows]


def _patches() -> list[str]:
    rows: list[Mapping[str, Any]] = []
    for name in ("engine", "dialects", "rfc"):
        rows += json.loads((TESTS / f"scim/patch/{name}.json").read_text("utf-8"))
    urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    return [json.dumps({"schemas": [urn], "Operations": row["operations"]}) for row in rows]


def _users() -> list[str]:
    rows = json.loads((TESTS / "fuzz/users.json").read_text("utf-8"))
    return [json.dumps(row) for row in rows]


def _files(ending: str) -> list[str]:
    return [path.read_text("utf-8", "replace") for path in sorted((TESTS / "files").glob(ending))]


def _ldif_records() -> list[str]:
    (text,) = _files("*.ldif")
    return [text, *(f"version: 1\n\n{record}\n" for record in text.split("\n\n")[1:])]


TARGETS: Mapping[str, FuzzTarget] = {
    "filter": FuzzTarget(parse_filter, lambda: _table("scim/filter/filters.json", "text")),
    "path": FuzzTarget(parse_path, lambda: _table("scim/filter/paths.json", "text")),
    "attribute": FuzzTarget(parse_attribute, lambda: ["name.givenName", "urn:a:b:User:x.y"]),
    "body": FuzzTarget(_body, lambda: [*_patches(), '{"a":1e5,"b":[null,true,-0.5,"\\u00e9"]}']),
    "patch": FuzzTarget(_patch, _patches),
    "resource": FuzzTarget(_intake, _users),
    "csv": FuzzTarget(_csv, lambda: _files("*.csv")),
    "ldif": FuzzTarget(_ldif, _ldif_records),
    "line": FuzzTarget(_line, _users),
    "definitions": FuzzTarget(_definitions, lambda: [json.dumps(DOCUMENT)], 20),
    "list": FuzzTarget(lambda text: split_list(text, ";"), lambda: ['a; "b;c" ;d', '"x""y"']),
}
