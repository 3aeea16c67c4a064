"""A refusal at the path of a tenant with empty refusals becomes an anonymous request without rights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from scim.auth.not_authorized import NotAuthorized
from scim.auth.refusals import silencing

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abc123/live"
KNOWN: dict[str, object] = {
    "principalId": "p",
    "policyDocument": {"Statement": []},
    "context": {"tenant": "quiet"},
}


@dataclass(frozen=True)
class Tenant:
    profile: str
    schemes: tuple[str, ...] = ()
    rate: int | None = None
    suspended_at: str | None = None
    definitions: str = ""
    endpoints: tuple[str, ...] = ()


class Tenants:
    """Knows two tenants; `asked` are the names somebody looked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, name: str) -> Tenant | None:
        self.asked.append(name)
        return {"quiet": Tenant("forsta"), "other": Tenant("okta")}.get(name)


def event(path: str, token: str = "bad", resource: str = "/{proxy+}") -> dict[str, Any]:
    return {
        "methodArn": f"{STAGE}/GET{path}",
        "path": path,
        "resource": resource,
        "pathParameters": {"proxy": path.removeprefix("/")} if "proxy" in resource else {},
        "headers": {"Authorization": token},
    }


def known(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
    if event["headers"]["Authorization"] != "good":
        raise NotAuthorized("for a test")
    return KNOWN


@pytest.mark.parametrize(
    "path",
    ["/quiet/scim/v2/Users", "/quiet/v2/users", "/quiet/V2/users/1", "/quiet/scim/v2"],
)
def test_a_stranger_at_a_silent_path_is_anonymous(path: str) -> None:
    assert silencing(known, Tenants())(event(path), None) == {
        "principalId": "nobody",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": f"{STAGE}/*/*",
                }
            ],
        },
        "context": {"nobodyAt": "quiet", "profile": "forsta"},
    }


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/other/scim/v2/Users", ["other"]),
        ("/nobody/scim/v2/Users", ["nobody"]),
        ("/x/quiet/scim/v2/Users", []),
        ("/scim/v2/quiet/Users", []),
        ("/quiet/elsewhere", []),
        ("/v2/users", []),
        ("/qui*t/scim/v2/Users", []),
        ("/%71uiet/scim/v2/Users", []),
        ("/", []),
    ],
)
def test_a_stranger_elsewhere_is_refused_as_ever(path: str, asked: list[str]) -> None:
    tenants = Tenants()
    with pytest.raises(NotAuthorized):
        silencing(known, tenants)(event(path), None)
    assert tenants.asked == asked


def test_a_stranger_at_the_common_path_is_refused_as_ever() -> None:
    with pytest.raises(NotAuthorized):
        silencing(known, Tenants())(event("/scim/v2/Users", resource="/scim/v2/Users"), None)


def test_a_known_caller_keeps_its_principal() -> None:
    tenants = Tenants()
    answer = silencing(known, tenants)(event("/quiet/scim/v2/Users", "good"), None)
    assert answer is KNOWN
    assert tenants.asked == []
