"""A JWT is read one way or not at all."""

import base64
import json

import pytest

from scim.auth.jws import NotBelieved, is_compact, strict_object, unverified_of


def b64(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


GOOD = f"{b64(b'{}')}.{b64(json.dumps({'iss': 'x'}).encode())}.{b64(b'sig!')}"


def test_the_header_and_the_claims_of_a_token_are_read() -> None:
    read = unverified_of(GOOD)
    assert (read.header, read.claims) == ({}, {"iss": "x"})


@pytest.mark.parametrize(
    ("token", "expected"),
    [(GOOD, True), ("a.b.", True), ("a.b", False), ("a.b.c.d.e", False), ("opaque", False)],
)
def test_a_token_of_three_parts_is_taken_for_a_jwt(token: str, expected: bool) -> None:
    assert is_compact(token) is expected


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":{"b":1,"b":1}}',
        '{"a":NaN}',
        '{"a":-Infinity}',
        "[]",
        '"x"',
        "",
        "{",
        '{"iss":"\\ud800"}',
        '{"\\udfff":1}',
        '{"exp":1e999}',
        b'{"a":"\xed\xa0\x80"}',
        '{"a":' * 100_000,
        "[" * 100_000,
    ],
)
def test_ambiguous_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(NotBelieved):
        strict_object(text)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(GOOD + "=", id="padding"),
        pytest.param(GOOD[:-1] + "R", id="stray bits"),
        pytest.param(GOOD.replace(".", "\n."), id="line break"),
        pytest.param(GOOD + "é", id="not ASCII"),
        pytest.param(GOOD + "a" * 8192, id="too long"),
        pytest.param("..", id="empty"),
    ],
)
def test_another_encoding_of_the_same_token_is_refused(token: str) -> None:
    with pytest.raises(NotBelieved):
        unverified_of(token)
