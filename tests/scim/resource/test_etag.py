"""Entity tags."""

import pytest

from scim.resource.etag import etag_of, names_version


def test_a_version_has_a_weak_tag() -> None:
    assert etag_of(7) == 'W/"7"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param('W/"7"', True, id="weak"),
        pytest.param('"7"', True, id="strong"),
        pytest.param("*", True, id="any"),
        pytest.param('W/"6" , W/"7"', True, id="list"),
        pytest.param('W/"6"', False, id="other"),
        pytest.param('W/"77"', False, id="longer"),
        pytest.param("7", False, id="unquoted"),
        pytest.param('W/"7" x', False, id="rubbish"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_header_names_a_version_or_not(header: str, expected: bool) -> None:
    assert names_version(header, 7) is expected
