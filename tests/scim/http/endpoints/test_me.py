"""/Me is the caller's own resource, and every response names its real location."""

from collections.abc import Mapping
from typing import Any

import pytest

from scim.http.app import application
from scim.http.routes.me import me_routes
from scim.http.tenant_api import plain_api
from scim.profile import Profile
from scim.profile.parts import Domains
from tests.fakes.client import Answered, Client, deployment_of, event
from tests.fakes.endpoint import BASE, USER_URN, FakeDeployment, id_

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ANNA = f"{BASE}/Users/{id_(1)}"


class Caller:
    """Calls /Me with a token of that subject."""

    def __init__(self, deployment: FakeDeployment, subject: str, mode: str = "on") -> None:
        base = BASE.removesuffix("/scim/v2")
        self._handler = application(base, plain_api(me_routes(deployment_of(deployment), mode)))
        self._subject = subject

    def __call__(
        self, method: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answered:
        asked = event(method, "/Me", body, headers)
        asked["requestContext"]["authorizer"]["subject"] = self._subject
        return Client(lambda _event, context: self._handler(asked, context))(method, "/Me")


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    deployment = FakeDeployment()
    deployment.user("anna", externalId="E-1")
    deployment.user("berta", externalId="E-2")
    return deployment


SUBJECTS = [f"id:{id_(1)}", "userName:anna", "userName:ANNA", "externalId:E-1"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_caller_is_the_user_of_the_credentials(
    deployment: FakeDeployment, subject: str
) -> None:
    answer = Caller(deployment, subject)("GET")
    assert (answer.status, answer.body["userName"]) == (200, "anna")
    assert answer.body["meta"]["location"] == ANNA
    assert answer.headers["location"] == ANNA
    assert answer.headers["content-location"] == ANNA
    assert answer.headers["etag"] == 'W/"1"'


@pytest.mark.parametrize(
    "subject",
    [
        "",
        f"id:{id_(9)}",
        "id:",
        "userName:nobody",
        "userName:E-1",
        "externalId:anna",
        f"userName:{id_(1)}",
        "emails.value:anna",
        "anna",
        id_(1),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_subject_that_names_no_user_is_404(
    deployment: FakeDeployment, method: str, subject: str
) -> None:
    body = {"schemas": [USER_URN], "userName": "x"}
    if method == "PATCH":
        operations = [{"op": "replace", "path": "title", "value": "x"}]
        body = {"schemas": [PATCH_URN], "Operations": operations}  # type: ignore[dict-item]
    assert Caller(deployment, subject)(method, body).status == 404
    assert deployment.shown("User", id_(1))["meta"]["version"] == 'W/"1"'


def test_an_external_id_of_two_users_names_nobody(deployment: FakeDeployment) -> None:
    deployment.user("clara", externalId="E-1")
    assert Caller(deployment, "externalId:E-1")("GET").status == 404


def test_a_user_of_another_tenant_is_not_found_at_me(deployment: FakeDeployment) -> None:
    foreign = deployment.user("dora", tenant="other")
    for subject in (f"id:{foreign}", "userName:dora"):
        assert Caller(deployment, subject)("GET").status == 404


def test_the_caller_is_replaced(deployment: FakeDeployment) -> None:
    body = {"schemas": [USER_URN], "userName": "anna", "title": "Guide"}
    answer = Caller(deployment, "userName:anna")("PUT", body)
    assert (answer.status, answer.headers["location"]) == (200, ANNA)
    assert deployment.shown("User", id_(1))["title"] == "Guide"


def test_a_body_with_another_id_changes_no_other_user(deployment: FakeDeployment) -> None:
    body = {"schemas": [USER_URN], "userName": "anna", "id": id_(2), "title": "Guide"}
    Caller(deployment, "userName:anna")("PUT", body)
    assert "title" not in deployment.shown("User", id_(2))


def test_the_caller_is_modified(deployment: FakeDeployment) -> None:
    operations = [{"op": "replace", "path": "title", "value": "Guide"}]
    body = {"schemas": [PATCH_URN], "Operations": operations}
    answer = Caller(deployment, "userName:anna")("PATCH", body)
    assert (answer.status, answer.headers["location"]) == (200, ANNA)
    assert deployment.shown("User", id_(1))["title"] == "Guide"


def test_the_caller_is_deleted(deployment: FakeDeployment) -> None:
    caller = Caller(deployment, "userName:anna")
    answer = caller("DELETE")
    assert (answer.status, answer.headers["location"]) == (204, ANNA)
    assert caller("GET").status == 404
    assert deployment.shown("User", id_(2))["userName"] == "berta"


def test_a_version_the_caller_has_is_304(deployment: FakeDeployment) -> None:
    answer = Caller(deployment, "userName:anna")("GET", headers={"If-None-Match": 'W/"1"'})
    assert (answer.status, answer.headers["location"]) == (304, ANNA)


def test_a_delete_at_me_with_another_version_is_412(deployment: FakeDeployment) -> None:
    answer = Caller(deployment, "userName:anna")("DELETE", headers={"If-Match": 'W/"7"'})
    assert answer.status == 412


def test_a_creation_at_me_is_405_where_it_is_not_offered(deployment: FakeDeployment) -> None:
    answer = Caller(deployment, "userName:new")("POST", {"schemas": [USER_URN]})
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, PUT, PATCH, DELETE")


@pytest.mark.parametrize(
    ("subject", "body", "created"),
    [
        ("userName:new", {}, {"userName": "new"}),
        ("userName:new", {"userName": "NEW"}, {"userName": "NEW"}),
        ("userName:new", {"USERNAME": "new"}, {"userName": "new"}),
        ("externalId:E-9", {"userName": "x"}, {"userName": "x", "externalId": "E-9"}),
    ],
)
def test_a_caller_creates_themselves_under_their_own_name(
    deployment: FakeDeployment, subject: str, body: dict[str, str], created: dict[str, str]
) -> None:
    caller = Caller(deployment, subject, "create")
    answer = caller("POST", {"schemas": [USER_URN], **body})
    assert answer.status == 201
    assert {name: answer.body[name] for name in created} == created
    assert answer.headers["location"] == f"{BASE}/Users/{answer.body['id']}"
    assert caller("GET").body["id"] == answer.body["id"]


@pytest.mark.parametrize(
    ("subject", "body", "status"),
    [
        ("userName:new", {"userName": "other"}, 400),
        ("userName:new", {"userName": 7}, 400),
        ("externalId:E-9", {"userName": "x", "externalId": "e-9"}, 400),
        ("userName:anna", {}, 409),
        ("externalId:E-1", {"userName": "x"}, 409),
        (f"id:{id_(9)}", {"userName": "x"}, 403),
        ("", {"userName": "x"}, 404),
    ],
)
def test_a_caller_creates_neither_another_nor_a_second_self(
    deployment: FakeDeployment, subject: str, body: dict[str, Any], status: int
) -> None:
    answer = Caller(deployment, subject, "create")("POST", {"schemas": [USER_URN], **body})
    assert answer.status == status
    # Without this scimType, Entra sends a POST again and again.
    assert (status == 409) == (answer.body.get("scimType") == "uniqueness")
    assert deployment.search("User").total == 2


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_every_method_is_501_where_me_is_switched_off(
    deployment: FakeDeployment, method: str
) -> None:
    assert Caller(deployment, "userName:anna", "off")(method, {}).status == 501


def test_the_caller_may_be_named_with_the_primary_domain() -> None:
    deployment = FakeDeployment(profile=Profile(domains=Domains(names={"User": ("userName",)})))
    caller = Caller(deployment, "userName:PRIMARY/kim", "create")
    assert caller("POST", {"schemas": [USER_URN], "userName": "TEST/kim"}).status == 400
    made = caller("POST", {"schemas": [USER_URN], "userName": "primary/Kim"})
    assert (made.status, made.body["userName"]) == (201, "Kim")
    assert caller("GET").body["id"] == made.body["id"]
