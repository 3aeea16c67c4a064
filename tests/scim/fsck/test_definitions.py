"""Each kind of damage to a tenant's definitions is found."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from scim.bootstrap.access import access_in
from scim.fsck.check import violations
from scim.fsck.item import item_of
from scim.fsck.overview import Overview
from scim.schema.tenant_definitions import DefinitionVersion, definitions_of
from tests.contract.stores import moto_client, new_table
from tests.fakes.devices import DOCUMENT, STORAGE, document

Wires = list[dict[str, dict[str, Any]]]


@pytest.fixture(name="table", scope="module")
def _table() -> Iterator[Wires]:
    with moto_client() as client:
        name = new_table(client)
        stored = access_in(client, name).definitions
        late = document()
        late["resourceTypes"][0][STORAGE] = {"indexes": [{"attribute": "mudUrl", "late": True}]}
        stored.put("acme", DefinitionVersion(1, definitions_of(DOCUMENT), "2026"), 10)
        stored.put("acme", DefinitionVersion(2, definitions_of(late), "2026"), 10)
        yield client.scan(TableName=name)["Items"]


def _one(items: Wires, sk: str) -> dict[str, Any]:
    return next(item for item in items if item["sk"]["S"] == sk)


HEAD, FIRST, SECOND = "-", "000000001", "000000002"


def test_sound_definitions_are_found_sound(table: Wires) -> None:
    assert violations(table) == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param(
            lambda items: items.remove(_one(items, SECOND)),
            "D#acme / -: version 2 is in force and not there",
            id="the version in force is gone",
        ),
        pytest.param(
            lambda items: items.remove(_one(items, HEAD)),
            "a version that is not and never was in force",
            id="no version is in force",
        ),
        pytest.param(
            lambda items: _one(items, HEAD).update(v={"N": "1"}),
            "D#acme / 000000002: a version that is not and never was in force",
            id="beyond the one in force",
        ),
        pytest.param(
            lambda items: _one(items, HEAD).update(f={"S": "0" * 12}),
            "D#acme / -: says of its version what it is not",
            id="another fingerprint",
        ),
        pytest.param(
            lambda items: _one(items, HEAD).update(e={"S": "Users"}),
            "D#acme / -: says of its version what it is not",
            id="other endpoints",
        ),
        pytest.param(
            lambda items: _one(items, SECOND).update(z={"B": b"?"}),
            "D#acme / 000000002: cannot be read",
            id="unreadable",
        ),
        pytest.param(
            lambda items: _one(items, FIRST).update(pk={"S": "D#a/b"}),
            "not the key of a edition",
            id="a key that is none",
        ),
    ],
)
def test_damage_is_found(table: Wires, damage: Callable[[Wires], None], told: str) -> None:
    items = deepcopy(table)
    damage(items)
    assert any(told in wrong for wrong in violations(items)), violations(items)


def test_an_index_is_late_for_the_tenant_that_declared_it_so(table: Wires) -> None:
    assert own_late(table) == {("acme", "Device", "mudUrl")}
    broken = deepcopy(table)
    _one(broken, SECOND).update(z={"B": b"?"})
    assert own_late(broken) == set()


def own_late(table: Wires) -> set[tuple[str, str, str]]:
    overview = Overview()
    for wire in table:
        overview.note(item_of(wire))
    return overview.own_late
