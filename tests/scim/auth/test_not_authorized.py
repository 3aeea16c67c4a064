"""The log says why credentials were refused; the caller is told nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from scim.auth.not_authorized import NotAuthorized, logged


def _refusing(_event: Mapping[str, Any], _context: Any) -> dict[str, object]:
    raise NotAuthorized("its tenant is suspended", "acme", "abc")


def test_the_log_has_reason_tenant_and_token(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotAuthorized, match=r"^Unauthorized$"):
        logged(_refusing)({"headers": {"Authorization": "Bearer c4n4ry"}}, None)
    written = capsys.readouterr().out
    line = json.loads(written)
    assert (line["level"], line["message"]) == ("INFO", "credentials refused")
    assert (line["reason"], line["tenant"], line["token"]) == (
        "its tenant is suspended",
        "acme",
        "abc",
    )
    assert "c4n4ry" not in written


def test_who_gets_through_leaves_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    answer: dict[str, object] = {"principalId": "abc"}
    assert logged(lambda _event, _context: answer)({}, None) == answer
    assert capsys.readouterr().out == ""
