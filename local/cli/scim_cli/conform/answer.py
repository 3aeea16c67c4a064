"""A server's responses, and the expectations on them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MEDIA_TYPE: Final = "application/scim+json"


class Fault(Exception):
    """The server does not follow the rule."""


class NotTried(Exception):
    """A rule does not apply to this server, or no client can see whether the server follows it."""


class Undecided(NotTried):
    """A rule applies and could be tested, but was not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `body` is empty unless it is a JSON object."""

    status: int
    headers: Mapping[str, str]
    text: str
    body: Mapping[str, Any]

    @classmethod
    def of(cls, response: httpx2.Response) -> "Answer":
        return cls(response.status_code, response.headers, response.text, _object_in(response.text))

    @property
    def resources(self) -> list[dict[str, Any]]:
        value = self.body.get("Resources")
        resources = value if isinstance(value, list) else []
        return [resource for resource in resources if isinstance(resource, dict)]

    @property
    def ids(self) -> list[object]:
        """Return the ids of the resources of a ListResponse."""
        return [resource.get("id") for resource in self.resources]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, without credentials."""

    method: str
    path: str
    sent: str
    status: int
    headers: Mapping[str, str]
    came: str


def expect(condition: object, fault: str) -> None:
    """Raise a Fault with the text `fault`, unless the condition holds."""
    if not condition:
        raise Fault(fault)


def expect_status(answer: Answer, *statuses: int) -> None:
    """Raise a Fault unless a response has one of these statuses."""
    expected = " or ".join(map(str, statuses))
    expect(answer.status in statuses, f"expected {expected}, got {answer.status}")


def expect_error(answer: Answer, status: int, *scim_types: str) -> None:
    """Raise a Fault unless a response is a SCIM error of this status and one of these scimTypes."""
    expect_status(answer, status)
    expect(ERROR in schemas_in(answer.body), "the body is not a SCIM error")
    scim_type = answer.body.get("scimType")
    expected = " or ".join(scim_types)
    expect(
        not scim_types or scim_type in scim_types, f"expected scimType {expected}, got {scim_type}"
    )


def expect_refusal(answer: Answer, *scim_types: str) -> None:
    """Raise a Fault unless a response is a SCIM error of status 400 with one of these scimTypes, or with none.

    RFC 7644 section 3.12: scimType is OPTIONAL where no other section asks for one.
    """
    expect_error(answer, 400)
    scim_type = answer.body.get("scimType")
    expect(
        scim_type in (None, *scim_types),
        f"expected scimType {' or '.join(scim_types)}, got {scim_type}",
    )


def schemas_in(body: Mapping[str, Any]) -> list[str]:
    schemas = body.get("schemas")
    return [str(urn) for urn in schemas] if isinstance(schemas, list) else []


def _object_in(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
