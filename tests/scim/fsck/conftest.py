"""A table with a bit of everything, for the tests of fsck that damage it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from scim.resource.record import Key
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.samples import content, deletion_of, group, joining, user
from tests.contract.stores import moto_client, new_table
from tests.scim.fsck.damage import Wires
from tests.scim.store.faults import dying

T = "acme"
ANN, BOB, ZOE = Key("User", "ann"), Key("User", "bob"), Key("User", "zoe")
STAFF, CREW, GONE = Key("Group", "staff"), Key("Group", "crew"), Key("Group", "gone")


@pytest.fixture(scope="module")
def table() -> Iterator[Wires]:
    """Return a table with a bit of everything: live, ended, half done."""
    with moto_client() as client:
        name = new_table(client)
        directory = DynamoDirectory(client, name, width=2)
        for key in (ANN, BOB, ZOE, Key("User", "old")):
            directory.create(T, replace(user(key.id, externalId=f"X-{key.id}"), key=key))
        emails = [{"value": "Ann@Example.com"}, {"value": "ann@home.example"}]
        directory.update(T, content(directory.read_latest(T, [ANN])[ANN], {"userName": "ＡＮＮ"}))
        directory.create(T, replace(user("cat", emails=emails), key=Key("User", "cat")))
        directory.create(T, replace(group("staff", [ANN, BOB]), key=STAFF))
        directory.create(T, replace(group("gone", [ANN]), key=GONE))
        directory.create(T, replace(group("crew"), key=CREW))
        for key in (Key("User", "old"), GONE):
            directory.delete(T, deletion_of(directory.read_latest(T, [key])[key]))
        with dying(client, "before-call", 2):
            directory.update(T, joining(directory.read_latest(T, [CREW])[CREW], ANN, BOB, ZOE))
        yield client.scan(TableName=name)["Items"]
