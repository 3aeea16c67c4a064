"""A request body is read strictly: whatever two readers could understand differently is refused."""

import pytest

from scim.errors import InvalidSyntax, PayloadTooLarge, UnsupportedMediaType
from scim.http.message.body import json_object
from scim.http.message.request import Request
from scim.principal import Principal


def _request(body: bytes, content_type: str | None = "application/scim+json") -> Request:
    headers = {} if content_type is None else {"content-type": content_type}
    return Request("POST", {}, headers, body, Principal("demo", "t"), "https://x/scim/v2")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        pytest.param(b"", "The body is empty", id="empty"),
        pytest.param(b"  \n", "The body is empty", id="blank"),
        pytest.param(b'{"a":1', "line 1 column 7", id="cut off"),
        pytest.param(b'{"a":1}{"b":2}', "line 1 column 8", id="two documents"),
        pytest.param(b"[]", "not an array", id="array"),
        pytest.param(b'"x"', "not a string", id="string"),
        pytest.param(b"null", "not null", id="null"),
        pytest.param(b"1", "not a number", id="number"),
        pytest.param(b'{"a":1,"a":2}', "'a' stands twice", id="duplicate name"),
        pytest.param(b'{"active":true,"ACTIVE":false}', "'ACTIVE' stands twice", id="case variant"),
        pytest.param(b'{"a":[{"b":1,"B":2}]}', "'B' stands twice", id="nested duplicate"),
        pytest.param(b'{"\xc3\xa9":1,"\xc3\x89":2}', "name 'É' stands twice", id="accented"),
        pytest.param(b'{"\\u0007":1,"\\u0007":2}', r"name '\?' stands twice", id="control"),
        pytest.param(b'{"a":NaN}', "NaN is not a JSON number", id="NaN"),
        pytest.param(b'{"a":-Infinity}', "-Infinity is not a JSON number", id="infinity"),
        pytest.param(b'{"a":1e999}', "number is too large", id="overflow"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", "more than 20 digits", id="digits"),
        pytest.param(b'{"a":"\\ud800"}', "surrogate", id="lone surrogate"),
        pytest.param(b'{"\\udc00":1}', "surrogate", id="lone surrogate in a name"),
        pytest.param(b'{"a":"\xff"}', "not valid UTF-8 at byte 6", id="not UTF-8"),
        pytest.param(b'{"a":' + b"[" * 33 + b"]" * 33 + b"}", "deeper than 32", id="deep"),
        pytest.param(b'{"a":' * 5000 + b"1" + b"}" * 5000, "deeper than 32", id="bomb"),
        pytest.param(b'{"a":' + b"[" * 100_000, "deeper than 32", id="open bomb"),
    ],
)
def test_ambiguous_or_malformed_json_is_a_syntax_error(body: bytes, detail: str) -> None:
    with pytest.raises(InvalidSyntax, match=detail):
        json_object(_request(body), 1_000_000)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/scim+json",
        "application/scim+json; charset=utf-8",
        "application/json",
        "Application/JSON;charset=UTF-8",
        None,
        "",
    ],
)
def test_every_usual_media_type_is_read(content_type: str | None) -> None:
    assert json_object(_request(b'{"a":"\xc3\xa9"}', content_type), 100) == {"a": "é"}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/json; charset=latin-1", "multipart/form-data"],
)
def test_other_media_types_are_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        json_object(_request(b"{}", content_type), 100)


def test_a_body_of_just_the_limit_is_read() -> None:
    assert json_object(_request(b'{"a":1}'), 7) == {"a": 1}


def test_a_body_one_byte_over_the_limit_is_refused() -> None:
    with pytest.raises(PayloadTooLarge, match="has 8 bytes; at most 7"):
        json_object(_request(b'{"a":1} '), 7)


def test_the_deepest_body_allowed_is_read() -> None:
    body = b'{"a":' + b"[" * 31 + b"]" * 31 + b"}"
    assert "a" in json_object(_request(body), 1000)


def test_a_byte_order_mark_is_skipped() -> None:
    assert json_object(_request(b'\xef\xbb\xbf{"a":1}'), 100) == {"a": 1}
