"""Every event gets a SCIM response without internals."""

import json
import logging
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scim.errors import NotFound, ScimError, TooManyRequests, Unauthorized
from scim.http.app import application
from scim.http.message.request import Request
from scim.http.message.response import Reply
from scim.http.routes.resources import resource_routes
from scim.http.tenant_api import TenantApi, plain_api
from scim.log import logger
from scim.profile import Profile
from scim.profile.parts import Routing
from scim.schema.message_uri import SEARCH_URN
from tests.fakes.client import Client, deployment_of, event, served
from tests.fakes.endpoint import BASE, USER_URN, FakeDeployment, id_

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = {"schemas": [USER_URN], "userName": "anna"}
SECRET = "arn:aws:dynamodb:eu-west-1:123456789012:table/secret"


class Lines(logging.Handler):
    """Keeps what is logged, each line as the JSON it is written as; what the log is written to, too."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(logger().registered_formatter.format(record)))

    def write(self, text: str) -> None:
        self.lines.append(json.loads(text))


@pytest.fixture(name="lines")
def _lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    logger()
    handler = Lines()
    logger().addHandler(handler)
    monkeypatch.setattr("scim.http.log_lines.sys", SimpleNamespace(stdout=handler))
    yield handler.lines
    logger().removeHandler(handler)


def _raising(error: Exception) -> Client:
    def route(_: Request) -> Reply:
        raise error

    return Client(application("", plain_api({"/Users": route})))


@pytest.mark.parametrize(
    "target",
    ["/Robots", "/Users/1/2", "/users", "/.well-known/scim", "/Users/.search/more", "/Schemas/a/b"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_unknown_path_is_a_scim_error(method: str, target: str) -> None:
    answer = served(FakeDeployment())(method, target, {})
    assert (answer.status, answer.headers["content-type"]) == (404, "application/scim+json")
    assert answer.body == {
        "schemas": [ERROR],
        "status": "404",
        "detail": "There is nothing at this path.",
    }


@pytest.mark.parametrize("target", ["/Users", "/Robots"])
def test_a_request_without_a_tenant_is_401_at_known_and_unknown_paths(target: str) -> None:
    answer = Client(served(FakeDeployment()).handler, tenant="")("GET", target)
    assert (answer.status, answer.body["schemas"]) == (401, [ERROR])


@pytest.mark.parametrize(
    ("method", "target", "allow"),
    [
        *[(method, "/Users", "GET, HEAD, POST") for method in ("PUT", "PATCH", "DELETE")],
        ("POST", "/Users/1", "GET, HEAD, PUT, PATCH, DELETE"),
        *[(method, "/Users/.search", "POST") for method in ("GET", "PUT", "PATCH", "DELETE")],
        *[(method, "/", "GET, HEAD, POST") for method in ("PUT", "PATCH", "DELETE")],
        *[(method, "/.search", "GET, HEAD, POST") for method in ("PUT", "PATCH", "DELETE")],
        *[
            (method, target, "GET, HEAD")
            for method in ("POST", "PUT", "PATCH", "DELETE")
            for target in (
                "/ServiceProviderConfig",
                "/Schemas",
                f"/Schemas/{USER_URN}",
                "/ResourceTypes",
                "/ResourceTypes/User",
            )
        ],
    ],
)
def test_a_method_a_path_does_not_serve_is_refused_with_those_it_serves(
    method: str, target: str, allow: str
) -> None:
    answer = served(FakeDeployment())(method, target, {})
    assert (answer.status, answer.headers["allow"]) == (405, allow)
    assert answer.body["status"] == "405"


@pytest.mark.parametrize(
    "error",
    [RuntimeError(SECRET), KeyError(SECRET), ValueError(SECRET), RecursionError(SECRET)],
    ids=lambda error: type(error).__name__,
)
def test_an_unexpected_error_is_a_500_without_internals(
    error: Exception, lines: list[dict[str, Any]]
) -> None:
    answer = _raising(error)("GET", "/Users")
    assert (answer.status, answer.headers["content-type"]) == (500, "application/scim+json")
    assert answer.body == {
        "schemas": [ERROR],
        "status": "500",
        "detail": "The request could not be served.",
    }
    (logged,) = (line for line in lines if line["message"] == "unexpected error")
    assert SECRET in logged["exception"]


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (TooManyRequests("Slow down.", 7), "retry-after", "7"),
        (Unauthorized("Who are you?"), "www-authenticate", 'Bearer realm="scim"'),
    ],
    ids=["429", "401"],
)
def test_a_refusal_has_the_headers_of_its_row(error: ScimError, header: str, value: str) -> None:
    answer = _raising(error)("GET", "/Users")
    assert answer.status == error.status
    assert answer.headers[header] == value
    assert answer.headers["content-type"] == "application/scim+json"


def test_a_refusal_is_not_logged_as_an_error(lines: list[dict[str, Any]]) -> None:
    _raising(NotFound("There is no User with this id."))("GET", "/Users")
    assert [line["level"] for line in lines] == ["INFO"]


class Noted:
    """Keeps why requests were refused, as the tenant's own logs are told."""

    only_refusals = True

    def __init__(self) -> None:
        self.refused: list[Any] = []

    def note(self, _event: object, line: Mapping[str, Any], *_: object) -> None:
        self.refused.append(line["refused"])


def test_the_log_of_the_deployment_alone_has_the_call_of_aws_that_failed(
    lines: list[dict[str, Any]],
) -> None:
    def route(_: Request) -> Reply:
        throttled = {"Error": {"Code": "ThrottlingException", "Message": ""}}
        raise TooManyRequests("Slow down.", 7) from ClientError(throttled, "GetItem")

    noted = Noted()
    Client(application("", plain_api({"/Users": route}), logs=(noted,)))("GET", "/Users")
    (line,) = lines
    (refused,) = noted.refused
    assert line["refused"] == {**refused, "cause": "GetItem: ThrottlingException"}
    assert refused["error"] == "TooManyRequests"
    assert "cause" not in refused


def test_the_next_event_is_served_after_one_that_failed() -> None:
    failures = iter([RuntimeError("once")])

    def route(_: Request) -> Reply:
        for error in failures:
            raise error
        return Reply(200, {"fine": True})

    client = Client(application("", plain_api({"/Users": route})))
    assert [client("GET", "/Users").status for _ in range(2)] == [500, 200]


def test_an_event_without_a_tenant_is_refused() -> None:
    asked = event("GET", "/Users")
    del asked["requestContext"]["authorizer"]
    answer = served(FakeDeployment()).handler(asked, None)
    assert answer["statusCode"] == 401
    assert json.loads(answer["body"])["schemas"] == [ERROR]


@pytest.mark.parametrize("target", ["/Users", "/Users/", "/Users//"])
def test_a_trailing_slash_makes_no_difference(target: str) -> None:
    answer = served(FakeDeployment())("GET", target)
    assert (answer.status, answer.body["totalResults"]) == (200, 0)


@pytest.mark.parametrize("target", ["", "/", "/?count=1"])
def test_the_root_is_served_with_and_without_a_slash(target: str) -> None:
    assert served(FakeDeployment())("GET", target).status == 200


@pytest.mark.parametrize(
    "target",
    [
        f"/Schemas/{USER_URN}",
        f"/Schemas/{USER_URN}/",
        f"/Schemas/{USER_URN.replace(':', '%3A')}",
        f"/Schemas/{USER_URN.replace(':', '%3a').upper()}",
    ],
)
def test_a_urn_in_the_path_is_read_escaped_or_not(target: str) -> None:
    answer = served(FakeDeployment())("GET", target)
    assert (answer.status, answer.body["id"]) == (200, USER_URN)


@pytest.mark.parametrize(
    "escaped",
    [
        "%00",
        "%2F",
        "a%2Fb",
        "..%2F..%2FGroups",
        "%23",
        "%ff",
        "%E2%82%AC",
        "%",
        "a%20b",
        "*",
        "a'b",
    ],
)
def test_any_id_in_the_path_is_just_an_id(escaped: str) -> None:
    answer = served(FakeDeployment())("GET", f"/Users/{escaped}")
    assert (answer.status, answer.body["detail"]) == (404, "There is no User with this id.")


def test_an_id_is_found_escaped_or_not() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    client = served(deployment)
    for target in (anna, anna.replace("-", "%2D"), anna + "/"):
        assert client("GET", f"/Users/{target}").body["id"] == anna


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("POST", "/Users", 201),
        ("GET", f"/Users/{id_(1)}", 200),
        ("GET", "/Users", 200),
        ("PUT", f"/Users/{id_(1)}", 200),
        ("GET", "/ServiceProviderConfig", 200),
        ("GET", "/Robots", 404),
        ("GET", f"/Users/{id_(9)}", 404),
        ("POST", f"/Users/{id_(1)}", 405),
    ],
)
def test_every_body_is_of_scims_media_type_and_never_cached(
    method: str, target: str, status: int
) -> None:
    deployment = FakeDeployment()
    if method != "POST" or target != "/Users":
        deployment.user("anna")
    answer = served(deployment)(method, target, USER)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/scim+json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [("DELETE", {}, 204), ("GET", {"If-None-Match": 'W/"1"'}, 304)],
)
def test_an_answer_without_a_body_has_none_and_says_no_type(
    method: str, headers: dict[str, str], status: int
) -> None:
    deployment = FakeDeployment()
    deployment.user("anna")
    answer = served(deployment)(method, f"/Users/{id_(1)}", headers=headers)
    assert (answer.status, answer.text) == (status, "")
    assert "content-type" not in answer.headers


def test_text_is_sent_as_it_is_in_one_line() -> None:
    deployment = FakeDeployment()
    deployment.user("änna", displayName="Ä\n✓")
    text = served(deployment)("GET", f"/Users/{id_(1)}").text
    assert '"userName":"änna","displayName":"Ä\\n✓"' in text


def test_a_metered_response_says_what_it_cost() -> None:
    spent = iter(["what was before", "2 trips", "nothing", "1 trip"])
    client = Client(
        application("", plain_api({"/Users": lambda _: Reply(204)}), lambda: next(spent))
    )
    assert client("GET", "/Users").headers["x-scim-cost"] == "2 trips"
    assert client("GET", "/Robots").headers["x-scim-cost"] == "1 trip"


def test_an_unmetered_response_does_not_say_what_it_cost() -> None:
    assert "x-scim-cost" not in served(FakeDeployment())("GET", "/Users").headers


def test_locations_never_come_from_the_host_header() -> None:
    answer = served(FakeDeployment())("POST", "/Users", USER, {"Host": "evil.example"})
    assert answer.headers["location"] == f"{BASE}/Users/{id_(1)}"
    assert "evil" not in answer.text


def test_one_line_is_logged_without_anything_personal(lines: list[dict[str, Any]]) -> None:
    client = served(FakeDeployment())
    client(
        "POST", "/Users", {**USER, "password": "t1meMa$heen"}, {"Authorization": "Bearer s3cr3t"}
    )
    client("GET", '/Users?filter=userName eq "anna"')
    assert [line["message"] for line in lines] == ["request", "request"]
    assert {
        name: lines[0][name] for name in ("method", "status", "tenant", "token", "request")
    } == {
        "method": "POST",
        "status": 201,
        "tenant": "acme",
        "token": "t1",
        "request": "r1",
    }
    for secret in ("anna", "t1meMa$heen", "s3cr3t", "userName"):
        assert secret not in repr(lines)


def test_the_line_names_the_client_however_its_header_is_written(
    lines: list[dict[str, Any]],
) -> None:
    """The gateway reads `user-agent` of HTTP/2 too."""
    asked = event("GET", "/Users", headers={"user-agent": "Okta SCIM Client 1.0.0"})
    asked["requestContext"]["identity"] = {"userAgent": "Okta SCIM Client 1.0.0"}
    served(FakeDeployment()).handler(asked, None)
    assert lines[-1]["client"] == "okta"


def test_every_answer_at_a_deprecated_path_says_so() -> None:
    routing = Routing(
        aliases={"/Users/Search": "/Users/.search"}, deprecated={"/Users/Search": "@1483228800"}
    )
    own = deployment_of(FakeDeployment())
    routes = resource_routes(own, own.catalogue.resource_types)
    face = TenantApi(Profile(routing=routing), routes)
    client = Client(application(BASE.removesuffix("/scim/v2"), lambda _: face))
    for body, status in (({}, 400), ({"schemas": [SEARCH_URN]}, 200)):
        answer = client("POST", "/Users/Search", body)
        assert (answer.status, answer.headers["deprecation"]) == (status, "@1483228800")
        assert "deprecation" not in client("POST", "/Users/.search", body).headers
