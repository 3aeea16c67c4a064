"""Recorded conversations: what a broken line, a failed request and a value that is missing say."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.http import Answer
from local.judge.conversation import InvalidRecordError, recorded, replayed

CREATION: Mapping[str, Any] = {
    "name": "create kim",
    "method": "POST",
    "path": "/Users",
    "headers": {},
    "body": {"userName": "kim"},
    "expect_status": [201],
    "save": {"kim": "$.id"},
}
READING: Mapping[str, Any] = {
    "name": "read kim",
    "method": "GET",
    "path": "/Users/{{kim}}",
    "headers": {"Authorization": "Bearer {{token}}"},
    "body": None,
    "expect_status": [200],
    "check": [["$.id", "eq", "{{kim}}"]],
}


def _answered(status: int, body: Mapping[str, Any]) -> Answer:
    return Answer(status, (), json.dumps(body).encode())


def test_a_saved_value_is_sent_and_checked() -> None:
    sent = []

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        sent.append((method, path, headers, body))
        return _answered(201 if method == "POST" else 200, {"id": "k1"})

    assert list(replayed(ask, [CREATION, READING], "http://host", "secret")) == []
    assert sent == [
        ("POST", "/Users", {}, b'{"userName": "kim"}'),
        ("GET", "/Users/k1", {"Authorization": "Bearer secret"}, b""),
    ]


def test_a_request_whose_value_was_not_saved_does_not_hide_what_failed_before() -> None:
    complaints = list(
        replayed(lambda *_: _answered(500, {}), [CREATION, READING], "http://host", "secret")
    )
    assert complaints == [
        "create kim: status 500, not [201]: b'{}'",
        "read kim: not sent: no request saved kim",
    ]


def test_a_value_that_is_not_there_to_be_saved_is_a_complaint() -> None:
    complaints = list(
        replayed(lambda *_: _answered(201, {}), [CREATION, READING], "http://host", "secret")
    )
    assert complaints == [
        "create kim: nothing at $.id to save as kim",
        "read kim: not sent: no request saved kim",
    ]


def test_a_number_can_be_saved() -> None:
    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return _answered(201 if method == "POST" else 200, {"id": 7, "path": path})

    reading = {**READING, "check": [["$.path", "eq", "/Users/7"]]}
    assert list(replayed(ask, [CREATION, reading], "http://host", "secret")) == []


CHANGE: Mapping[str, Any] = {
    "name": "deactivate kim",
    "method": "PATCH",
    "path": "/Users/k1",
    "headers": {},
    "body": {},
    "expect_status": [204],
    "check": [["$.active", "eq", False]],
}


@pytest.mark.parametrize(
    ("reading", "complaints"),
    [
        (_answered(200, {"active": False}), []),
        (
            _answered(200, {"active": True}),
            ["deactivate kim: $.active eq False, found True"],
        ),
        (
            _answered(404, {"status": "404"}),
            ["""deactivate kim: no body; reading: status 404: b'{"status": "404"}'"""],
        ),
    ],
)
def test_the_checks_of_a_response_without_a_body_read_the_resource(
    reading: Answer, complaints: list[str]
) -> None:
    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return reading if (method, path) == ("GET", "/Users/k1") else Answer(204, (), b"")

    assert list(replayed(ask, [CHANGE], "http://host", "secret")) == complaints


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ('{"name" "x"}', "not JSON: Expecting ':' delimiter: line 1 column 9 (char 8)"),
        (json.dumps({"name": "x", "body": None}), "missing: expect_status, headers, method, path"),
        (json.dumps({**READING, "chekc": []}), "unknown: chekc"),
        (json.dumps({**READING, "check": [["$.id", "is", "x"]]}), "unknown tests: is"),
    ],
)
def test_a_line_that_is_no_request_is_refused_with_its_number(
    line: str, detail: str, tmp_path: Path
) -> None:
    file = tmp_path / "okta.jsonl"
    file.write_text(f"{json.dumps(CREATION)}\n{line}\n", "utf-8")
    with pytest.raises(InvalidRecordError) as refusal:
        recorded(file)
    assert str(refusal.value) == f"okta.jsonl:2: {detail}"
