"""The log says why credentials were refused; the caller is told nothing."""

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from scim.auth import not_authorized
from scim.auth.not_authorized import NotAuthorized, logged
from scim.errors import Unavailable


def _refusing(_event: Mapping[str, Any], _context: Any) -> dict[str, object]:
    raise NotAuthorized("its tenant is suspended", "acme", "abc")


@pytest.fixture(name="log")
def _log(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> io.StringIO:
    """What a test logs: a logger writes to where the first of its name did, so each has its own."""
    stream = io.StringIO()
    own = Logger(service=request.node.nodeid, level="INFO", stream=stream)
    monkeypatch.setattr(not_authorized, "logger", lambda: own)
    return stream


def test_the_log_has_reason_tenant_and_token(log: io.StringIO) -> None:
    with pytest.raises(NotAuthorized, match=r"^Unauthorized$"):
        logged(_refusing)({"headers": {"Authorization": "Bearer c4n4ry"}}, None)
    written = log.getvalue()
    line = json.loads(written)
    assert (line["level"], line["message"]) == ("INFO", "credentials refused")
    assert (line["reason"], line["tenant"], line["token"]) == (
        "its tenant is suspended",
        "acme",
        "abc",
    )
    assert "c4n4ry" not in written


def test_the_log_has_what_kept_credentials_from_being_checked(log: io.StringIO) -> None:
    def failing(_event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        raise Unavailable("The key cannot be used.") from OSError("AccessDeniedException")

    with pytest.raises(Unavailable):
        logged(failing)({}, None)
    line = json.loads(log.getvalue())
    assert (line["level"], line["message"]) == ("ERROR", "credentials not checked")
    assert "AccessDeniedException" in line["exception"]


def test_an_accepted_request_leaves_no_log_line(log: io.StringIO) -> None:
    answer: dict[str, object] = {"principalId": "abc"}
    assert logged(lambda _event, _context: answer)({}, None) == answer
    assert log.getvalue() == ""
