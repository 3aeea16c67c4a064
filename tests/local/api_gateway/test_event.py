"""The events are the ones API Gateway sends."""

import json

import pytest

from local.gateway import Gateway


def event_of(gateway: Gateway, method: str, target: str, headers=()):
    status, _, answered = gateway.handle(
        method, target, [("Authorization", "Bearer all"), *headers], b""
    )
    assert status == 200, answered
    return json.loads(answered)["event"]


@pytest.mark.parametrize(
    ("query", "single", "multiple"),
    [
        pytest.param("", None, None, id="none"),
        pytest.param("a=1&a=2", {"a": "2"}, {"a": ["1", "2"]}, id="repeated"),
        pytest.param("a=x+y%2Bz", {"a": "x y+z"}, {"a": ["x y+z"]}, id="plus"),
        pytest.param("a=%2523", {"a": "%23"}, {"a": ["%23"]}, id="decoded once"),
        pytest.param("a=%23EXT%23", {"a": "#EXT#"}, {"a": ["#EXT#"]}, id="hash"),
        pytest.param("filter=", {"filter": ""}, {"filter": [""]}, id="empty"),
        pytest.param("flag&", {"flag": ""}, {"flag": [""]}, id="valueless"),
        pytest.param("a=%C3%A9", {"a": "é"}, {"a": ["é"]}, id="utf-8"),
        pytest.param("a=1?b", {"a": "1?b"}, {"a": ["1?b"]}, id="question mark"),
    ],
)
def test_the_query_is_decoded_exactly_once(gateway, query, single, multiple):
    event = event_of(gateway, "GET", f"/things?{query}")
    assert event["queryStringParameters"] == single
    assert event["multiValueQueryStringParameters"] == multiple


def test_the_path_and_its_parameters_stay_encoded(gateway):
    event = event_of(gateway, "GET", "/things/urn%3Aa:b.c%2Fd")
    assert event["path"] == "/things/urn%3Aa:b.c%2Fd"
    assert event["pathParameters"] == {"id": "urn%3Aa:b.c%2Fd"}
    assert event["resource"] == "/things/{id}"


def test_absent_parts_are_null(gateway):
    event = event_of(gateway, "GET", "/things")
    absent = [name for name, value in event.items() if value is None]
    assert absent == [
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "body",
    ]
    assert event["isBase64Encoded"] is False


def test_repeated_headers_are_kept_and_the_last_one_counts(gateway):
    event = event_of(gateway, "GET", "/things", [("X-A", "1"), ("x-a", "2"), ("X-Empty", "")])
    assert event["multiValueHeaders"]["X-A"] == ["1", "2"]
    assert event["headers"]["X-A"] == "2"
    assert event["headers"]["X-Empty"] == ""


def test_the_gateway_adds_the_caller_and_drops_hop_by_hop_fields(gateway):
    sent = [("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Proto", "gopher"), ("Connection", "x")]
    headers = event_of(gateway, "GET", "/things", sent)["headers"]
    assert headers["X-Forwarded-For"] == "10.0.0.1, 127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"
    assert headers["X-Forwarded-Port"] == "8080"
    assert "Connection" not in headers


def test_the_request_context_is_complete(gateway):
    context = event_of(gateway, "GET", "/things/1?x=y", [("User-Agent", "me")])["requestContext"]
    assert context.keys() == {
        "accountId", "apiId", "authorizer", "domainName", "domainPrefix", "extendedRequestId",
        "httpMethod", "identity", "path", "protocol", "requestId", "requestTime",
        "requestTimeEpoch", "resourceId", "resourcePath", "stage",
    }  # fmt: skip
    assert context["resourcePath"] == "/things/{id}"
    assert context["path"] == "/things/1"
    assert context["stage"] == "live"
    assert context["domainName"] == "127.0.0.1:8080"
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["identity"]["userAgent"] == "me"


@pytest.mark.parametrize(
    ("content_type", "sent", "body", "is_base64"),
    [
        pytest.param("application/json", b'{"a":"\xc3\xa9"}', '{"a":"é"}', False, id="text"),
        pytest.param("application/json", b"\xff", "\ufffd", False, id="not utf-8"),
        pytest.param("application/zip", b"\xff", "/w==", True, id="binary"),
    ],
)
def test_a_body_is_text_unless_its_type_is_declared_binary(
    gateway, content_type, sent, body, is_base64
):
    _, _, answered = gateway.handle("POST", "/open", {"Content-Type": content_type}, sent)
    event = json.loads(answered)["event"]
    assert (event["body"], event["isBase64Encoded"]) == (body, is_base64)


def test_an_authorizers_event_has_no_body_and_empty_maps(gateway):
    headers = {"Authorization": "Bearer event"}
    _, _, answered = gateway.handle("GET", "/things", headers, b"unread")
    context = json.loads(answered)["event"]["requestContext"]["authorizer"]
    event = eval(context["event"])  # noqa: S307 - the repr our own function made
    assert event["type"] == "REQUEST"
    assert event["methodArn"].startswith("arn:aws:execute-api:us-east-1:123456789012:")
    assert event["methodArn"].endswith("/live/GET/things")
    assert (
        event["pathParameters"] == event["queryStringParameters"] == event["stageVariables"] == {}
    )
    assert event["headers"]["Authorization"] == "Bearer event"
    assert "body" not in event
    assert "authorizer" not in event["requestContext"]
