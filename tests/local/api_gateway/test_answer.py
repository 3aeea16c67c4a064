"""A function's answer is checked and sent as API Gateway does."""

import json

import pytest


def answered(gateway, payload, headers=()):
    return gateway.handle("POST", "/answer", headers, json.dumps(payload).encode())


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param("text", id="not an object"),
        pytest.param({}, id="no status"),
        pytest.param({"statusCode": "ok"}, id="status in words"),
        pytest.param({"statusCode": 1000}, id="no such status"),
        pytest.param({"statusCode": 200, "body": {"a": 1}}, id="body not text"),
        pytest.param({"statusCode": 200, "cookies": []}, id="unknown member"),
        pytest.param({"statusCode": 200, "headers": []}, id="headers not an object"),
        pytest.param({"statusCode": 200, "headers": {"A": {}}}, id="header not text"),
        pytest.param({"statusCode": 200, "headers": {"A": "x\ny"}}, id="line break"),
        pytest.param({"statusCode": 200, "multiValueHeaders": {"A": "x"}}, id="values not a list"),
    ],
)
def test_a_malformed_answer_is_a_bad_gateway(gateway, payload):
    answer = answered(gateway, payload)
    assert answer.status == 502
    assert json.loads(answer.body) == {"message": "Internal server error"}


def test_a_status_may_be_text_and_no_body_is_empty(gateway):
    answer = answered(gateway, {"statusCode": "204"})
    assert (answer.status, answer.body) == (204, b"")


def test_values_of_both_header_maps_are_sent(gateway):
    payload = {
        "statusCode": 200,
        "headers": {"A": "1", "B": 2, "C": True},
        "multiValueHeaders": {"a": ["3", "4"]},
    }
    headers = answered(gateway, payload).headers
    assert headers == (
        ("B", "2"),
        ("C", "true"),
        ("a", "3"),
        ("a", "4"),
        ("Content-Type", "application/json"),
    )


def test_headers_that_are_the_gateways_own_are_renamed(gateway):
    payload = {"statusCode": 401, "headers": {"WWW-Authenticate": "UMA", "Content-Type": "a/b"}}
    headers = dict(answered(gateway, payload).headers)
    assert headers == {"x-amzn-Remapped-WWW-Authenticate": "UMA", "Content-Type": "a/b"}


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        pytest.param("application/zip", b"\xff", id="declared binary"),
        pytest.param("application/json", b"/w==", id="not declared"),
    ],
)
def test_base64_is_decoded_for_declared_types_only(gateway, accept, body):
    payload = {"statusCode": 200, "body": "/w==", "isBase64Encoded": True}
    assert answered(gateway, payload, {"Accept": accept}).body == body


@pytest.mark.parametrize("path", ["/broken/raise", "/broken/set", "/unloadable"])
def test_a_function_that_fails_is_a_bad_gateway_without_details(gateway, path):
    answer = gateway.handle("GET", path)
    assert answer.status == 502
    assert json.loads(answer.body) == {"message": "Internal server error"}


@pytest.mark.parametrize(
    ("size", "status"), [(6_291_500, 200), (6_291_556, 502)], ids=["fits", "too large"]
)
def test_an_answer_larger_than_lambda_sends_is_a_bad_gateway(gateway, size, status):
    assert gateway.handle("GET", f"/big?size={size}").status == status


@pytest.mark.parametrize(
    ("size", "message"),
    [
        pytest.param(6_291_456, "Request Too Long", id="for Lambda"),
        pytest.param(10_485_761, "HTTP content length exceeded 10485760 bytes.", id="for all"),
    ],
)
def test_a_request_that_is_too_large_is_refused(gateway, size, message):
    answer = gateway.handle("POST", "/open", {}, b"x" * size)
    assert answer.status == 413
    assert json.loads(answer.body) == {"default": message}


def test_a_request_just_within_lambdas_limit_reaches_the_function(gateway):
    assert gateway.handle("POST", "/open", {}, b"x" * 6_200_000).status == 200
