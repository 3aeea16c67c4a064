"""Documents that everybody may read."""

import json
from typing import Any

import pytest

from scim.errors import Unavailable
from scim.http.public import with_public


def _nothing(_event: Any, _context: Any) -> dict[str, Any]:
    raise AssertionError


def _unavailable() -> str:
    raise Unavailable("The signing key cannot be used at the moment; try again.", retry_after=5)


def test_a_document_that_cannot_be_made_is_a_scim_error_to_retry(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handler = with_public(_nothing, {"/scim/jwks": _unavailable})
    answer = handler({"resource": "/scim/jwks", "httpMethod": "GET"}, None)
    assert answer["statusCode"] == 503
    assert answer["multiValueHeaders"]["Retry-After"] == ["5"]
    assert json.loads(answer["body"])["status"] == "503"
    assert [line.message for line in caplog.records] == ["not served"]


def test_head_has_no_body_if_the_document_cannot_be_made_either() -> None:
    handler = with_public(_nothing, {"/scim/jwks": _unavailable})
    answer = handler({"resource": "/scim/jwks", "httpMethod": "HEAD"}, None)
    assert (answer["statusCode"], answer["body"]) == (503, "")
