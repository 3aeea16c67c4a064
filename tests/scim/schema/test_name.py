"""Attribute names as clients write them."""

import pytest

from scim.schema.schema import Name, _short_name, split_name

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("userName", Name(None, "userName"), id="plain"),
        pytest.param("name.givenName", Name(None, "name", "givenName"), id="part"),
        pytest.param(f"{ENTERPRISE}:department", Name(ENTERPRISE, "department"), id="with-urn"),
        pytest.param(
            f"{ENTERPRISE}:manager.value", Name(ENTERPRISE, "manager", "value"), id="urn-and-part"
        ),
    ],
)
def test_a_name_splits_into_uri_attribute_and_part(text: str, expected: Name) -> None:
    assert split_name(text) == expected


def test_a_long_name_is_not_kept() -> None:
    text = f"urn:{'x' * 300}:name.sub"
    before = _short_name.cache_info()
    assert split_name(text) == Name(f"urn:{'x' * 300}", "name", "sub")
    assert _short_name.cache_info() == before
