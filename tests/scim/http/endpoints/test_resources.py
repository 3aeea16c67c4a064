"""The endpoints of a type through the function's handler: statuses, headers and bodies."""

import json
from typing import Any

import pytest

from scim.schema.message_uri import PATCH_OP_URN, SEARCH_URN
from scim.service.endpoint import Bounds
from tests.fakes.client import MAX_BODY_BYTES, Client, served
from tests.fakes.endpoint import BASE, GROUP_URN, USER_URN, FakeDeployment, id_

USER = {"schemas": [USER_URN], "userName": "anna"}


def _patch(*operations: Any) -> dict[str, Any]:
    return {"schemas": [PATCH_OP_URN], "Operations": list(operations)}


TITLE = _patch({"op": "add", "path": "title", "value": "Dr."})


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    return FakeDeployment()


@pytest.fixture(name="client")
def _client(deployment: FakeDeployment) -> Client:
    return served(deployment)


def test_post_creates(client: Client) -> None:
    answer = client("POST", "/Users", USER)
    assert answer.status == 201
    assert answer.headers["location"] == f"{BASE}/Users/{id_(1)}"
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.body["meta"]["location"] == answer.headers["location"]
    assert answer.body["meta"]["version"] == answer.headers["etag"]
    assert client("GET", f"/Users/{id_(1)}").body == answer.body


def test_a_taken_name_is_a_uniqueness_conflict(client: Client) -> None:
    """A 409 without scimType makes Entra send the same POST for ever (ory/polis #4067)."""
    client("POST", "/Users", USER)
    answer = client("POST", "/Users", {**USER, "userName": "ANNA"})
    assert (answer.status, answer.body["scimType"]) == (409, "uniqueness")
    assert "anna" not in answer.text.lower()


def test_get_put_and_patch_show_the_resource_with_its_version(client: Client) -> None:
    client("POST", "/Users", USER)
    target = f"/Users/{id_(1)}"
    for number, answer in enumerate(
        [
            client("GET", target),
            client("PUT", target, {**USER, "nickName": "Ann"}),
            client("PATCH", target, TITLE),
        ],
        start=1,
    ):
        assert answer.status == 200
        assert answer.headers["etag"] == f'W/"{number}"' == answer.body["meta"]["version"]
        assert answer.headers["content-location"] == BASE + target


def test_delete_answers_204_and_the_resource_is_gone(client: Client) -> None:
    client("POST", "/Users", USER)
    answer = client("DELETE", f"/Users/{id_(1)}")
    assert (answer.status, answer.text) == (204, "")
    for method, body in (("GET", None), ("PUT", USER), ("PATCH", TITLE), ("DELETE", None)):
        assert client(method, f"/Users/{id_(1)}", body).status == 404
    assert client("POST", "/Users", USER).status == 201


@pytest.mark.parametrize(
    ("method", "body", "headers", "status"),
    [
        ("GET", None, {"If-None-Match": 'W/"1"'}, 304),
        ("GET", None, {"If-None-Match": "*"}, 304),
        ("GET", None, {"If-None-Match": 'W/"2"'}, 200),
        ("GET", None, {"If-Match": 'W/"1"'}, 200),
        ("GET", None, {"If-Match": 'W/"2"'}, 412),
        ("GET", None, {"If-Match": 'W/"2"', "If-None-Match": "*"}, 412),
        ("PUT", USER, {"If-Match": 'W/"2"'}, 412),
        ("PUT", USER, {"if-match": 'W/"1"'}, 200),
        ("PUT", USER, {"If-None-Match": "*"}, 412),
        ("PATCH", TITLE, {"If-Match": 'W/"2"'}, 412),
        ("PATCH", TITLE, {"IF-MATCH": 'W/"1"'}, 200),
        ("DELETE", None, {"If-Match": 'W/"2"'}, 412),
        ("DELETE", None, {"If-Match": 'W/"1"'}, 204),
        ("DELETE", None, {"If-None-Match": 'W/"1"'}, 412),
    ],
    ids=str,
)
def test_entity_tags_are_respected(
    client: Client, method: str, body: Any, headers: dict[str, str], status: int
) -> None:
    client("POST", "/Users", USER)
    assert client(method, f"/Users/{id_(1)}", body, headers).status == status


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/Users", {**USER, "userName": "bert", "title": "Dr."}),
        ("GET", f"/Users/{id_(1)}", None),
        ("PUT", f"/Users/{id_(1)}", {**USER, "title": "Dr."}),
        ("PATCH", f"/Users/{id_(1)}", TITLE),
    ],
    ids=["POST", "GET", "PUT", "PATCH"],
)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("attributes=title", {"schemas", "id", "title"}),
        ("excludedAttributes=title,meta", {"schemas", "id", "userName"}),
        ("ATTRIBUTES=Title", {"schemas", "id", "title"}),
    ],
)
def test_every_answer_with_a_resource_is_projected(
    client: Client, method: str, target: str, body: Any, query: str, shown: set[str]
) -> None:
    client("POST", "/Users", {**USER, "title": "Dr."})
    answer = client(method, f"{target}?{query}", body)
    assert set(answer.body) == shown


@pytest.mark.parametrize(
    ("method", "target", "body", "statuses"),
    [
        ("POST", "/Users", {**USER, "userName": "carl"}, (201, 409)),
        ("PUT", f"/Users/{id_(1)}", {**USER, "title": "Dr."}, (200, 200)),
        ("PATCH", f"/Users/{id_(1)}", TITLE, (200, 200)),
        ("DELETE", f"/Users/{id_(1)}", None, (204, 404)),
        (
            "PATCH",
            f"/Groups/{id_(3)}",
            _patch({"op": "add", "path": "members", "value": [{"value": id_(2)}]}),
            (200, 200),
        ),
        (
            "PATCH",
            f"/Groups/{id_(3)}",
            _patch({"op": "remove", "path": f'members[value eq "{id_(1)}"]'}),
            (200, 200),
        ),
        (
            "PUT",
            f"/Groups/{id_(3)}",
            {"schemas": [GROUP_URN], "displayName": "All", "members": [{"value": id_(2)}]},
            (200, 200),
        ),
    ],
    ids=str,
)
def test_a_request_sent_again_leaves_all_as_it_is(
    deployment: FakeDeployment,
    client: Client,
    method: str,
    target: str,
    body: Any,
    statuses: tuple[int, int],
) -> None:
    anna, _ = deployment.user("anna"), deployment.user("bert")
    deployment.group("All", anna)
    first = client(method, target, body).status
    before = client("GET", "/").body
    second = client(method, target, body).status
    assert (first, second) == statuses
    assert client("GET", "/").body == before


@pytest.mark.parametrize(
    ("query", "total", "on_page"),
    [
        ("", 3, 3),
        ("count=2", 3, 2),
        ("count=0", 3, 0),
        ("count=-1", 3, 0),
        ("count=1000000000", 3, 3),
        ("startIndex=3", 3, 1),
        ("startIndex=1000000000", 3, 0),
        ("startIndex=-1&count=1", 3, 1),
        ('filter=userName eq "user1"', 1, 1),
        ('filter=userName eq "nobody"', 0, 0),
        ("filter=", 3, 3),
    ],
)
def test_a_list_says_how_many_there_are_and_are_shown(
    deployment: FakeDeployment, client: Client, query: str, total: int, on_page: int
) -> None:
    for n in range(3):
        deployment.user(f"user{n}")
    body = client("GET", f"/Users?{query}").body
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    assert (body["totalResults"], body["itemsPerPage"]) == (total, on_page)
    assert len(body["Resources"]) == on_page


def test_search_answers_as_get_does(deployment: FakeDeployment, client: Client) -> None:
    for n in range(3):
        deployment.user(f"user{n}")
    got = client("GET", '/Users?filter=userName sw "user"&sortBy=userName&sortOrder=descending')
    asked = {
        "schemas": [SEARCH_URN],
        "filter": 'userName sw "user"',
        "sortBy": "userName",
        "sortOrder": "descending",
    }
    assert client("POST", "/Users/.search", asked).body == got.body
    assert [each["userName"] for each in got.body["Resources"]] == ["user2", "user1", "user0"]


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "scim_type"),
    [
        ("GET", "/Users?filter=userName", None, 400, "invalidFilter"),
        ("GET", '/Users?filter=password eq "x"', None, 400, "invalidFilter"),
        ("GET", "/Users?count=many", None, 400, "invalidValue"),
        ("GET", "/Users?sortBy=shoeSize", None, 400, "invalidValue"),
        ("POST", "/Users", "{", 400, "invalidSyntax"),
        ("POST", "/Users", "", 400, "invalidSyntax"),
        ("POST", "/Users", "[]", 400, "invalidSyntax"),
        ("POST", "/Users", {"schemas": 7, "userName": "anna"}, 400, "invalidSyntax"),
        ("POST", "/Users", {"schemas": [USER_URN]}, 400, "invalidValue"),
        (
            "POST",
            "/Users",
            '{"schemas":["x"],"userName":"a","active":true,"ACTIVE":false}',
            400,
            "invalidSyntax",
        ),
        ("POST", "/Users", {**USER, "title": "x" * MAX_BODY_BYTES}, 413, None),
        ("PUT", "/Users/1", "nonsense", 400, "invalidSyntax"),
        ("PATCH", "/Users/1", {"schemas": [PATCH_OP_URN]}, 400, "invalidSyntax"),
        ("PATCH", "/Users/1", _patch({"op": "move", "path": "title"}), 400, "invalidSyntax"),
        ("PATCH", "/Users/1", _patch({"op": "remove"}), 400, "noTarget"),
        ("POST", "/Users/.search", {}, 400, "invalidValue"),
        ("POST", "/Users/.search", {"schemas": ["urn:x"]}, 400, "invalidSyntax"),
    ],
    ids=str,
)
def test_a_bad_request_gives_a_scim_error(
    client: Client, method: str, target: str, body: Any, status: int, scim_type: str | None
) -> None:
    answer = client(method, target, body)
    assert (answer.status, answer.body.get("scimType")) == (status, scim_type)
    assert answer.body["status"] == str(status)
    assert answer.body["detail"]
    assert answer.headers["content-type"] == "application/scim+json"


def test_a_body_of_another_type_is_refused(client: Client) -> None:
    answer = client("POST", "/Users", json.dumps(USER), {"Content-Type": "text/plain"})
    assert (answer.status, answer.body["status"]) == (415, "415")


def test_more_operations_than_are_taken_are_refused() -> None:
    client = served(FakeDeployment(bounds=Bounds(patch_operations=1)))
    body = _patch(*[{"op": "remove", "path": "title"}] * 2)
    assert client("PATCH", "/Users/1", body).status == 413


def test_a_large_group_is_patched_without_being_answered() -> None:
    deployment = FakeDeployment(bounds=Bounds(patch_answer_members=1))
    members = [{"value": deployment.user(f"user{n}")} for n in range(2)]
    group = deployment.group("All")
    answer = served(deployment)(
        "PATCH", f"/Groups/{group}", _patch({"op": "add", "path": "members", "value": members})
    )
    assert (answer.status, answer.text, answer.headers["etag"]) == (204, "", 'W/"2"')


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/Users/{}", None),
        ("GET", "/Users/{}?attributes=userName", None),
        ("PUT", "/Users/{}", {**USER, "userName": "mallory"}),
        ("PATCH", "/Users/{}", TITLE),
        ("DELETE", "/Users/{}", None),
        ("GET", "/Groups/{}", None),
        ("PUT", "/Groups/{}", {"schemas": [GROUP_URN], "displayName": "x"}),
        ("PATCH", "/Groups/{}", _patch({"op": "remove", "path": "members"})),
        ("DELETE", "/Groups/{}", None),
    ],
)
def test_an_id_of_another_tenant_is_answered_like_an_unknown_one(
    deployment: FakeDeployment, method: str, target: str, body: Any
) -> None:
    """GitLab CVE-2022-1680: what a tenant does not own, it must not reach."""
    user = deployment.user("anna", tenant="other")
    group = deployment.group("All", user, tenant="other")
    foreign = {"Users": user, "Groups": group}[target.split("/")[1]]
    before = [
        deployment.shown("User", user, "other"),
        deployment.shown("Group", group, "other"),
    ]
    client = served(deployment)
    answer = client(method, target.format(foreign), body)
    assert answer.status == 404
    assert answer == client(method, target.format(id_(99)), body)
    assert before == [
        deployment.shown("User", user, "other"),
        deployment.shown("Group", group, "other"),
    ]


@pytest.mark.parametrize(
    ("method", "target", "operation"),
    [
        ("POST", "/Groups", None),
        ("PUT", "/Groups/{own}", None),
        ("PATCH", "/Groups/{own}", "add"),
        ("PATCH", "/Groups/{own}", "replace"),
    ],
)
def test_a_member_of_another_tenant_is_answered_like_an_unknown_one(
    method: str, target: str, operation: str | None
) -> None:
    def answer(member: str) -> Any:
        deployment = FakeDeployment()
        deployment.user("mallory", tenant="other")
        own = deployment.group("All")
        values = [{"value": member}]
        whole = {"schemas": [GROUP_URN], "displayName": "Others", "members": values}
        patch = _patch({"op": operation, "path": "members", "value": values})
        body = patch if operation else whole
        return served(deployment)(method, target.format(own=own), body)

    foreign = answer(id_(1))
    assert foreign.status in (200, 201)
    assert foreign == answer(id_(99))
    assert foreign.body["members"] == []
