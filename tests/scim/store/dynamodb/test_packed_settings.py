"""Changing one setting of a tenant keeps what others store at the same time."""

from collections.abc import Iterator

import pytest

from scim.errors import Unavailable
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.packed_settings import ROUNDS, Settings, change_settings, settings_in
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.keys.feed import feed_key
from tests.contract.stores import moto_client, new_table

KEY = feed_key("acme")


@pytest.fixture(name="table")
def _table() -> Iterator[Table]:
    with moto_client() as client:
        yield Table(client, new_table(client), Meter(), Retry())


def _with(table: Table, **members: object) -> Settings:
    return change_settings(table, KEY, "feed", lambda settings: {**settings, **members})


def test_a_change_keeps_the_other_settings(table: Table) -> None:
    assert settings_in(table, KEY) == {}
    assert _with(table, days=5) == {"days": 5}
    assert _with(table, full=True) == {"days": 5, "full": True}
    assert settings_in(table, KEY) == {"days": 5, "full": True}


@pytest.mark.parametrize("before", [{}, {"days": 4}], ids=["new", "stored"])
def test_a_change_is_computed_again_from_what_others_have_stored(
    table: Table, before: dict[str, object]
) -> None:
    _with(table, **before)
    others = iter([{"audience": "a"}])

    def change(settings: Settings) -> Settings:
        for other in others:
            _with(table, **other)
        return {**settings, "days": 5}

    assert change_settings(table, KEY, "feed", change) == {"audience": "a", "days": 5}
    assert settings_in(table, KEY) == {"audience": "a", "days": 5}


def test_the_same_settings_are_not_written_again(table: Table) -> None:
    _with(table, days=5)
    written = table._meter.reading().wcu
    assert _with(table, days=5) == {"days": 5}
    assert table._meter.reading().wcu == written


def test_a_change_gives_up_when_others_always_store_first(table: Table) -> None:
    rounds: list[int] = []

    def change(settings: Settings) -> Settings:
        rounds.append(len(rounds))
        _with(table, audience=str(len(rounds)))
        return {**settings, "days": 5}

    with pytest.raises(Unavailable):
        change_settings(table, KEY, "feed", change)
    assert len(rounds) == ROUNDS
