"""A server that is tried: what was sent to it and came back, and what was made up there."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MEDIA_TYPE: Final = "application/scim+json"
_SHOWN: Final = 4000
_HEADERS: Final = ("content-type", "location", "etag", "retry-after", "www-authenticate")


class Fault(Exception):
    """Something is not as the rule asks for."""


class NotTried(Exception):
    """A rule says nothing of this server, or cannot be tried on it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is empty for what is no JSON object."""

    status: int
    headers: Mapping[str, str]
    text: str
    body: Mapping[str, Any]

    @property
    def resources(self) -> list[dict[str, Any]]:
        """Return the resources of a list."""
        listed = self.body.get("Resources")
        found = listed if isinstance(listed, list) else []
        return [each for each in found if isinstance(each, dict)]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, without credentials."""

    method: str
    path: str
    sent: str
    status: int
    headers: Mapping[str, str]
    came: str


@dataclass(slots=True)
class Probe:
    """Tries one server, below `base`; `made` are the paths of what was made up there."""

    base: str
    http: httpx2.Client
    exchanges: list[Exchange] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    known: dict[str, Answer] = field(default_factory=dict)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make a request and note it."""
        sent = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        given = {"Accept": MEDIA_TYPE, **({"Content-Type": MEDIA_TYPE} if sent else {})}
        request = self.http.build_request(
            method,
            path if path.startswith("http") else self.base + path,
            content=sent or None,
            headers={**given, **(headers or {})},
            params=dict(parameters) if parameters else None,
        )
        answer = self.http.send(request)
        found = Answer(answer.status_code, answer.headers, answer.text, _object_in(answer.text))
        shown = str(request.url).removeprefix(self.base)
        told = {name: found.headers[name] for name in _HEADERS if name in found.headers}
        self.exchanges.append(
            Exchange(method, shown, sent[:_SHOWN], found.status, told, found.text[:_SHOWN])
        )
        if method == "POST" and found.status == 201 and isinstance(found.body.get("id"), str):
            self.made.append(f"{path.partition('?')[0]}/{found.body['id']}")
        return found

    def get(self, path: str, **parameters: str) -> Answer:
        """Read something."""
        return self.send("GET", path, parameters=parameters)

    def once(self, path: str) -> Answer:
        """Read something that does not change, once."""
        if path not in self.known:
            self.known[path] = self.get(path)
        return self.known[path]

    def supports(self, feature: str) -> bool:
        """Tell whether the ServiceProviderConfig says that it has a feature."""
        told = self.once("/ServiceProviderConfig").body.get(feature)
        return isinstance(told, Mapping) and told.get("supported") is True

    def need(self, feature: str) -> None:
        """Raise NotTried where the server says that it lacks a feature."""
        if not self.supports(feature):
            raise NotTried(f"ServiceProviderConfig does not say {feature}.supported.")

    def user(self, **members: Any) -> dict[str, Any]:
        """Return a user that was made up; raises NotTried where none can be made."""
        body = {"schemas": [USER], "userName": made_up(), "displayName": "Conform", **members}
        return self._new("/Users", body)

    def group(self, users: Sequence[Mapping[str, Any]] = (), **members: Any) -> dict[str, Any]:
        """Return a group of these that was made up; raises NotTried where none can be made."""
        self.need_type("Group")
        body: dict[str, Any] = {"schemas": [GROUP], "displayName": made_up(), **members}
        if users:
            body["members"] = [{"value": each["id"]} for each in users]
        return self._new("/Groups", body)

    def patch(self, path: str, *operations: Mapping[str, Any]) -> Answer:
        """Send a PATCH."""
        return self.send("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)})

    @property
    def types(self) -> list[dict[str, Any]]:
        """Return the resource types that are announced."""
        return self.once("/ResourceTypes").resources

    def need_type(self, name: str) -> None:
        """Raise NotTried where a resource type is not announced."""
        if name not in {each.get("name") for each in self.types}:
            raise NotTried(f"There is no resource type {name}.")

    def attribute(self, urn: str, path: str) -> Mapping[str, Any] | None:
        """Return what /Schemas says of an attribute, None when it is not there."""
        for schema in self.once("/Schemas").resources:
            if str(schema.get("id", "")).lower() != urn.lower():
                continue
            level: Any = schema.get("attributes")
            found: Mapping[str, Any] | None = None
            for name in path.split("."):
                named = [each for each in level or [] if each.get("name") == name]
                if not named:
                    return None
                found = named[0]
                level = found.get("subAttributes")
            return found
        return None

    def clean(self) -> list[str]:
        """Remove what was made up, the last first; return what could not be removed."""
        return [
            path
            for path in reversed(self.made)
            if self.send("DELETE", path).status not in {200, 204, 404}
        ]

    def _new(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.send("POST", path, body)
        if answer.status != 201 or "id" not in answer.body:
            raise NotTried(f"POST {path} answers {answer.status}; nothing could be made up.")
        return dict(answer.body)


def made_up() -> str:
    """Return a name that nobody has."""
    return f"conform-{secrets.token_hex(8)}@example.com"


def expect(condition: object, otherwise: str) -> None:
    """Raise a Fault that says what came where something else was expected."""
    if not condition:
        raise Fault(otherwise)


def expect_status(answer: Answer, *statuses: int) -> None:
    """Raise a Fault unless an answer has one of these statuses."""
    wanted = " or ".join(map(str, statuses))
    expect(answer.status in statuses, f"expected {wanted}, came {answer.status}")


def expect_error(answer: Answer, status: int, *scim_types: str) -> None:
    """Raise a Fault unless an answer is a SCIM error of this status and one of these scimTypes."""
    expect_status(answer, status)
    expect(ERROR in schemas_in(answer.body), "the body is no SCIM error")
    told = answer.body.get("scimType")
    wanted = " or ".join(scim_types)
    expect(not scim_types or told in scim_types, f"expected scimType {wanted}, came {told}")


def schemas_in(body: Mapping[str, Any]) -> list[str]:
    """Return the schemas that a body names."""
    found = body.get("schemas")
    return [str(each) for each in found] if isinstance(found, list) else []


def _object_in(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
