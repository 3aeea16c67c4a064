"""Definitions lie apart from the directory, and a tenant cannot name another's."""

import pytest

from scim.store.keys.access import (
    definitions_key,
    definitions_partition,
    edition_key,
    editions_range,
)


def test_the_head_stands_before_the_versions_and_these_in_order() -> None:
    first, last = editions_range()
    head, one, ten = (
        definitions_key("acme"),
        edition_key("acme", 1),
        edition_key("acme", 10),
    )
    assert {head.pk, one.pk, ten.pk} == {"D#acme"}
    assert head.sk < first < one.sk < ten.sk < last


@pytest.mark.parametrize("tenant", ["", "a#b", "a*", "ä", "a" * 65])
def test_an_invalid_tenant_name_makes_no_key(tenant: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        definitions_partition(tenant)
