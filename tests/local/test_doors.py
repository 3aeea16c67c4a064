"""Behind one address the second API gets what has no Authorization header."""

import pytest

from local.doors import answering, by_header, with_second_door
from local.gateway import Gateway
from local.http import Answer, Request, request_of
from local.seed import token_of

USERS = "/gluu/scim/v2/Users"


def _named(name: str):
    return lambda _request: Answer(200, (), name.encode())


@pytest.mark.parametrize(
    ("target", "headers", "door"),
    [
        (USERS, {"authorization": "Bearer x"}, b"first"),
        (USERS, {"Authorization": ""}, b"first"),
        (USERS, {}, b"second"),
        (f"{USERS}?access_token=x", {"Accept": "*/*"}, b"second"),
        ("/oauth2/token", {}, b"first"),
    ],
)
def test_the_header_decides(target: str, headers: dict[str, str], door: bytes) -> None:
    request: Request = request_of("GET", target, headers, b"")
    assert by_header(_named("first"), _named("second"))(request).body == door


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
def test_it_is_there_for_who_needs_it(settings: dict[str, str], is_there: bool) -> None:
    assert ("UmaChallenges" in with_second_door(settings)) is is_there


def test_a_token_in_the_query_opens_the_service_where_that_is_switched_on() -> None:
    settings = with_second_door({"SCIM_QUERY_TOKEN": "access_token"})
    with Gateway.start(overrides=settings) as gateway:
        answer = answering(gateway, settings, "127.0.0.1:8080")
        asked = request_of("GET", f"{USERS}?access_token={token_of('gluu')}", {}, b"")
        assert answer(asked).status == 200
        assert answering(gateway, {}, "127.0.0.1:8080")(asked).status == 401
        header = {"Authorization": f"Bearer {token_of('gluu')}"}
        assert answer(request_of("GET", USERS, header, b"")).status == 200
