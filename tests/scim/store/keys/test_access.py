"""Definitions lie apart from the directory, and a tenant cannot name another's."""

import pytest

from scim.store.keys.access import (
    partition_of_definitions,
    place_of_definitions,
    place_of_edition,
    span_of_editions,
)


def test_the_head_stands_before_the_versions_and_these_in_order() -> None:
    first, last = span_of_editions()
    head, one, ten = (
        place_of_definitions("acme"),
        place_of_edition("acme", 1),
        place_of_edition("acme", 10),
    )
    assert {head.pk, one.pk, ten.pk} == {"D#acme"}
    assert head.sk < first < one.sk < ten.sk < last


@pytest.mark.parametrize("tenant", ["", "a#b", "a*", "ä", "a" * 65])
def test_what_is_no_tenant_is_no_key(tenant: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        partition_of_definitions(tenant)
