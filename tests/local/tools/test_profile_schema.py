"""The JSON Schema of profiles accepts what the package reads."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from local.tools.profile_schema import PLACE, profile_schema, text
from scim.profile.shipped import names

DOCUMENTS = PLACE.parent.parent
VALIDATOR = Draft202012Validator(profile_schema())


def test_the_committed_schema_is_what_the_package_reads() -> None:
    assert PLACE.read_text("utf-8") == text(), "run: python -m local.tools.profile_schema"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(profile_schema())


@pytest.mark.parametrize("name", names())
def test_every_shipped_document_is_valid(name: str) -> None:
    document = json.loads((DOCUMENTS / f"{name}.json").read_text("utf-8"))
    assert list(VALIDATOR.iter_errors(document)) == []


@pytest.mark.parametrize(
    "document",
    [
        {"routes": {}},
        {"tolerances": {"noSuch": True}},
        {"wire": {"listKey": 3}},
        {"put": {"mode": "sometimes"}},
    ],
)
def test_a_profile_that_the_package_refuses_is_invalid_by_the_schema(
    document: dict[str, Any],
) -> None:
    assert not VALIDATOR.is_valid(document)
