"""Required attributes, parts and extensions."""

from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.resource.required import lacks_required, require_complete
from tests.scim.resource.types import ENTERPRISE, EXTRA_URN, THING, USER

WHOLE: dict[str, Any] = {"label": "x", EXTRA_URN: {"color": "red"}}


def test_a_complete_resource_passes() -> None:
    require_complete(THING, WHOLE)
    require_complete(THING, {**WHOLE, "maker": {"value": "7"}, "parts": [{"value": "8"}]})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param({"label": None}, "label: a value is required", id="attribute"),
        pytest.param({"label": " \t"}, "label: a value is required", id="blank"),
        pytest.param({EXTRA_URN: None}, f"{EXTRA_URN}: this extension is required", id="extension"),
        pytest.param(
            {EXTRA_URN: {"batch": "1"}}, f"{EXTRA_URN}:color: a value is required", id="in-it"
        ),
        pytest.param({"maker": {"title": "x"}}, "maker.value: a value is required", id="part"),
        pytest.param(
            {"parts": [{"value": "1"}, {"type": "x"}]}, "parts.value: a value", id="part-of-one"
        ),
    ],
)
def test_a_missing_required_value_is_named(body: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        require_complete(THING, {**WHOLE, **body})
    assert refusal.value.detail.startswith(told)


def test_nothing_is_required_in_an_optional_extension_that_is_absent() -> None:
    require_complete(USER, {"userName": "ada"})
    require_complete(USER, {"userName": "ada", ENTERPRISE: {"department": "x"}})


@pytest.mark.parametrize(
    ("extension", "lacks"),
    [({"color": "red"}, False), ({"color": " "}, True), ({"batch": "1"}, True), ({}, True)],
)
def test_an_extension_lacks_what_is_required_if_it_is_missing_or_blank(
    extension: dict[str, Any], lacks: bool
) -> None:
    assert lacks_required(THING, {EXTRA_URN: extension}, EXTRA_URN) is lacks
    assert not lacks_required(USER, {ENTERPRISE: extension}, ENTERPRISE)
