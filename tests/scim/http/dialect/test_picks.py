"""`credentials[OTP]` in attributes picks values by their type."""

from typing import Any

import pytest

from scim.http.dialect.lists import selected
from scim.service.messages import Listing, Query

OTP, MTAN, BARE = {"type": "OTP", "n": 1}, {"type": "mTAN", "n": 2}, {"n": 3}
USER: dict[str, Any] = {"id": "1", "credentials": [OTP, MTAN, BARE], "tags": ["a"]}


def _shown(query: Query) -> tuple[Query, dict[str, Any]]:
    plain, picks = selected(query, "type")
    (shown,) = picks.shown(Listing((USER,), 1, 1)).resources
    return plain, dict(shown)


@pytest.mark.parametrize(
    ("names", "plain", "left"),
    [
        (("credentials",), ("credentials",), [OTP, MTAN, BARE]),
        (("credentials[OTP]",), ("credentials",), [OTP]),
        (("Credentials[otp]", "Credentials[MTAN]"), ("Credentials",), [OTP, MTAN]),
        (("id", "credentials[ mtan ]"), ("id", "credentials"), [MTAN]),
    ],
)
def test_attributes_pick_the_values_of_these_types(
    names: tuple[str, ...], plain: tuple[str, ...], left: list[object]
) -> None:
    query, shown = _shown(Query(attributes=names))
    assert query.attributes == plain
    assert shown == {"id": "1", "credentials": left, "tags": ["a"]}


def test_excluded_attributes_leave_out_the_values_of_these_types() -> None:
    query, shown = _shown(Query(excluded_attributes=("credentials[OTP]", "name")))
    assert query.excluded_attributes == ("name",)
    assert shown["credentials"] == [MTAN, BARE]


def test_attributes_win() -> None:
    query = Query(attributes=("credentials",), excluded_attributes=("credentials[OTP]",))
    assert _shown(query)[1]["credentials"] == [OTP, MTAN, BARE]


def test_an_attribute_of_which_nothing_is_left_goes() -> None:
    assert "credentials" not in _shown(Query(attributes=("credentials[PUK]",)))[1]


def test_without_the_switch_names_are_names() -> None:
    query = Query(attributes=("credentials[OTP]",))
    plain, picks = selected(query, None)
    listing = Listing((USER,), 1, 1)
    assert (plain, picks.shown(listing)) == (query, listing)
