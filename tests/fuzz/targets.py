"""What reads a stranger's bytes, each alone: anything but a refusal is a finding."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scim.errors import ScimError
from scim.filter.parsing.parse import parse_attribute, parse_filter, parse_path
from scim.http.message.body import json_object
from scim.http.message.request import Request
from scim.patch.apply import applied
from scim.patch.operation import request_of
from scim.patch.resolution import aimed
from scim.principal import Principal
from scim.profile import Profile
from scim.schema.loading import shipped_catalogue
from scim.service.transfer.lists import split_list

TESTS = Path(__file__).parents[1]
MOST = 65_536
CALLER = Principal("acme", "t1", frozenset({"*"}))


@dataclass(frozen=True, slots=True)
class FuzzTarget:
    """A reader, and texts it is known to meet."""

    read: Callable[[str], object]
    texts: Callable[[], Sequence[str]]

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


def _patch(text: str) -> object:
    user = shipped_catalogue().resource_type("User")
    assert user is not None
    profile = Profile()
    operations = aimed(user, request_of(_body(text), profile).operations, profile).operations
    return applied(user, {"userName": "a", "emails": [{"value": "a@x"}]}, operations, profile)


def _table(name: str, member: str) -> list[str]:
    rows = json.loads((TESTS / name).read_text("utf-8"))
    return [str(row[member]) for row in rows]


def _patches() -> list[str]:
    rows: list[Mapping[str, Any]] = []
    for name in ("engine", "dialects", "rfc"):
        rows += json.loads((TESTS / f"scim/patch/{name}.json").read_text("utf-8"))
    urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    return [json.dumps({"schemas": [urn], "Operations": row["operations"]}) for row in rows]


TARGETS: Mapping[str, FuzzTarget] = {
    "filter": FuzzTarget(parse_filter, lambda: _table("scim/filter/filters.json", "text")),
    "path": FuzzTarget(parse_path, lambda: _table("scim/filter/paths.json", "text")),
    "attribute": FuzzTarget(parse_attribute, lambda: ["name.givenName", "urn:a:b:User:x.y"]),
    "body": FuzzTarget(_body, lambda: [*_patches(), '{"a":1e5,"b":[null,true,-0.5,"\\u00e9"]}']),
    "patch": FuzzTarget(_patch, _patches),
    "list": FuzzTarget(lambda text: split_list(text, ";"), lambda: ['a; "b;c" ;d', '"x""y"']),
}
