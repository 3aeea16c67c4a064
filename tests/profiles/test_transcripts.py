"""Every golden transcript, through the whole service, each with a tenant of its own."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.gateway import Gateway
from scim.access.tenant import SCHEMES
from scim.profile.shipped import shipped
from tests.gateway.access import make_tenant, secret_of
from tests.profiles.transcript import (
    Bearer,
    Transcript,
    differences,
    filled,
    pointed,
    transcript_in,
    transcripts,
)


@pytest.mark.parametrize(
    "transcript", transcripts(), ids=lambda each: f"{each.profile}-{each.name}"
)
@pytest.mark.sampled(4)
def test_a_transcript_is_answered_as_written(gateway: Gateway, transcript: Transcript) -> None:
    tenant = f"{transcript.profile}-{transcript.name}"
    schemes = shipped(transcript.profile).auth.schemes or SCHEMES
    make_tenant(gateway, tenant, profile=transcript.profile, schemes=schemes)
    token = _token(gateway, tenant, transcript.token)
    saved: dict[str, Any] = {"base": f"/{tenant}/scim/v2", "tenant": tenant, "token": token}
    saved |= {name: _token(gateway, tenant, each) for name, each in transcript.tokens.items()}
    for number, step in enumerate(transcript.steps):
        status, headers, body = _sent(gateway, filled(step["request"], saved), schemes[0], token)
        expected = filled(step["response"], saved)
        wrong = _wrong(expected, status, headers, body)
        assert not wrong, f"step {number}: {step['request']['method']} {wrong}: {body!r}"
        if step.get("save"):
            answer = json.loads(body)
            saved |= {name: pointed(answer, where) for name, where in step["save"].items()}


STEP = {"request": {"method": "GET", "path": "/Users"}, "response": {"status": 200}}
EMPTY: dict[str, Any] = {"rows": [], "source": "", "steps": []}


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({**EMPTY, "scope": ["users:view"]}, "own/list.json: missing [], unknown ['scope']"),
        (
            {**EMPTY, "steps": [STEP, {**STEP, "request": {"path": "/"}}]},
            "own/list.json: steps[1].request: missing ['method'], unknown []",
        ),
    ],
)
def test_a_transcript_with_a_wrong_member_is_refused_with_the_place(
    document: dict[str, Any], detail: str, tmp_path: Path
) -> None:
    file = tmp_path / "own" / "list.json"
    file.parent.mkdir()
    file.write_text(json.dumps(document), "utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(detail)}$"):
        transcript_in(file)


def _token(gateway: Gateway, tenant: str, bearer: Bearer) -> str:
    return secret_of(gateway, tenant, *bearer.scopes, subject=bearer.subject)


def _sent(
    gateway: Gateway, request: Mapping[str, Any], scheme: str, token: str
) -> tuple[int, dict[str, str], bytes]:
    usual = {"Authorization": _credential(scheme, token), "Content-Type": "application/json"}
    headers = {
        name: value
        for name, value in {**usual, **request.get("headers", {})}.items()
        if value is not None
    }
    text = request.get("text")
    if text is None:
        text = json.dumps(request["body"]) if "body" in request else ""
    answer = gateway.handle(request["method"], request["path"], headers, text.encode())
    found = {name.lower(): value for name, value in answer.headers}
    return answer.status, found, answer.body


def _credential(scheme: str, token: str) -> str:
    names = {"bearer": "Bearer ", "token": "Token ", "bare": ""}
    return f"{names[scheme]}{token}"


def _wrong(
    expected: Mapping[str, Any], status: int, headers: Mapping[str, str], body: bytes
) -> list[str]:
    wrong = [] if status == expected["status"] else [f"status {status}"]
    for name, value in expected.get("headers", {}).items():
        given = headers.get(name.lower())
        if value is None and given is not None:
            wrong.append(f"header {name} is there")
        elif value is not None:
            wrong += differences(value, given, f"header {name}", is_whole=True)
    if "body" not in expected and "contains" not in expected:
        return [*wrong, *(["a body"] if body else [])]
    if not body:
        return [*wrong, "no body"]
    is_whole = "body" in expected
    asked = expected["body"] if is_whole else expected["contains"]
    return wrong + differences(asked, json.loads(body), "", is_whole=is_whole)
