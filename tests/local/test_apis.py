"""Behind one address, requests without an Authorization header go to the second API."""

import json
from dataclasses import replace

import boto3
import pytest

from local.apis import answering, by_header, second_of, with_second_api
from local.gateway import Gateway
from local.http import Answer, Request, request_of
from local.seed import TENANT, TOKEN, token_of
from scim.bootstrap.access import access_in
from tests.fakes.devices import DOCUMENT

ADDRESS = "127.0.0.1:8080"
USERS = "/gluu/scim/v2/Users"


def _named(name: str):
    return lambda _request: Answer(200, (), name.encode())


@pytest.mark.parametrize(
    ("target", "headers", "api"),
    [
        (USERS, {"authorization": "Bearer x"}, b"first"),
        (USERS, {"Authorization": ""}, b"first"),
        (USERS, {}, b"second"),
        (f"{USERS}?access_token=x", {"Accept": "*/*"}, b"second"),
        ("/oauth2/token", {}, b"first"),
        ("/scim/jwks", {}, b"first"),
        ("/health", {}, b"first"),
        ("/openapi.json", {}, b"first"),
    ],
)
def test_the_authorization_header_decides_which_api_answers(
    target: str, headers: dict[str, str], api: bytes
) -> None:
    request: Request = request_of("GET", target, headers, b"")
    assert by_header(_named("first"), _named("second"))(request).body == api


@pytest.mark.parametrize(
    ("settings", "is_there"),
    [
        ({}, False),
        ({"SCIM_METER": "1"}, False),
        ({"SCIM_QUERY_TOKEN": ""}, False),
        ({"SCIM_LOOPBACK_ISSUERS": "0"}, False),
        ({"SCIM_QUERY_TOKEN": "access_token"}, True),
        ({"SCIM_LOOPBACK_ISSUERS": "1"}, True),
    ],
    ids=str,
)
def test_settings_that_need_the_second_api_enable_it(
    settings: dict[str, str], is_there: bool
) -> None:
    assert ("UmaChallenges" in with_second_api(settings)) is is_there


def test_a_token_in_the_query_opens_the_service_where_that_is_switched_on() -> None:
    settings = with_second_api({"SCIM_QUERY_TOKEN": "access_token"})
    with Gateway.start(overrides=settings) as gateway:
        answer = answering(gateway, second_of(gateway, settings, ADDRESS))
        asked = request_of("GET", f"{USERS}?access_token={token_of('gluu')}", {}, b"")
        assert answer(asked).status == 200
        assert answering(gateway, second_of(gateway, {}, ADDRESS))(asked).status == 401
        header = {"Authorization": f"Bearer {token_of('gluu')}"}
        assert answer(request_of("GET", USERS, header, b"")).status == 200


def _put(path: str, document: object) -> Request:
    header = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    return request_of("PUT", path, header, json.dumps(document).encode())


def test_a_definition_is_in_force_at_once() -> None:
    with Gateway.start() as gateway:
        answer = answering(gateway, None)
        devices = request_of("GET", "/scim/v2/Devices", {"Authorization": f"Bearer {TOKEN}"}, b"")
        assert answer(devices).status == 404
        assert answer(_put("/scim/v2/Definitions", DOCUMENT)).status == 200
        assert answer(devices).status == 200


def test_a_suspension_written_to_the_table_is_in_force_at_once() -> None:
    with Gateway.start() as gateway:
        answer = answering(gateway, None)
        users = request_of("GET", "/scim/v2/Users", {"Authorization": f"Bearer {TOKEN}"}, b"")
        assert answer(users).status == 200
        access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
        tenant = access.tenants.find(TENANT)
        assert tenant is not None
        access.tenants.change(tenant, replace(tenant, suspended_at="2026-01-01T00:00:00.000Z"))
        assert answer(users).status == 200  # nobody has told the gateway
        written = {"Host": "127.0.0.1:8080", "X-Amz-Target": "DynamoDB_20120810.PutItem"}
        item = {"pk": {"S": "x"}, "sk": {"S": "x"}}
        body = {"TableName": gateway.store.tables["Table"], "Item": item}
        assert answer(request_of("POST", "/", written, json.dumps(body).encode())).status == 200
        assert answer(users).status == 401
