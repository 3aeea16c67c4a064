"""Outlines are read back as written and suffice to find the items of a resource."""

import json

from scim.resource.index_entries import entries_by, entries_of, pointers_in
from scim.resource.record import Entry, Key, Pointer
from scim.schema.loading import shipped_catalogue
from scim.schema.outline import outline_of, outlines_in, written
from tests.contract.references import CATALOGUE, type_of

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEAT = {"name": "Seat ONE", "person": {"value": "Ann"}, "room": {"value": "hall"}}


def test_only_types_that_can_be_referred_to_have_outlines() -> None:
    assert CATALOGUE.outlines_of("Lease") == {}
    assert CATALOGUE.outlines_of("Nothing") == {}
    assert shipped_catalogue().outlines_of("User") == {}


def test_the_outlines_are_those_of_all_types_an_end_can_come_to() -> None:
    assert CATALOGUE.outlines_of("Seat").keys() == {"Seat", "Key"}
    assert CATALOGUE.outlines_of("Person").keys() == {"Person", "Seat", "Key", "Note"}


def test_outlines_are_read_back_as_they_were_written() -> None:
    outlines = CATALOGUE.outlines_of("Room")
    read = outlines_in(json.loads(json.dumps(written(outlines))))
    assert written(read) == written(outlines)


def test_an_outline_read_back_finds_the_same_entries_and_pointers() -> None:
    outline = outlines_in(written(CATALOGUE.outlines_of("Person")))["Seat"]
    assert entries_by(outline, SEAT) == entries_of(type_of("Seat"), SEAT)
    assert entries_by(outline, SEAT) == {
        Entry("name", "seat one", is_unique=True),
        Entry("person.value", "Ann", is_unique=False, target="Person"),
        Entry("room.value", "hall", is_unique=False, target="Room"),
    }
    assert pointers_in(outline.references, SEAT) == {
        Pointer("person", Key("Person", "Ann")),
        Pointer("room", Key("Room", "hall")),
    }
    assert outline.relations == ("tags",)


def test_indexes_of_extensions_and_of_parts_are_found_again() -> None:
    user = shipped_catalogue().resource_type("User")
    assert user is not None
    outline = outlines_in(written({"User": outline_of(user)}))["User"]
    body = {
        "userName": "ANNA",
        "emails": [{"value": "A@x.example"}, {"value": "b@x.example"}],
        ENTERPRISE: {"employeeNumber": "E1"},
    }
    assert entries_by(outline, body) == entries_of(user, body)
    assert len(entries_by(outline, body)) == 4
