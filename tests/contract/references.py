"""Resources that refer to each other: seats of people in rooms, keys to seats, notes, leases."""

import json
from typing import Any

from scim.resource.change import Creation, Deletion, EdgeDelta, Update
from scim.resource.index_entries import entries_of, pointers_in
from scim.resource.record import Edge, Key, Record
from scim.schema.catalogue import Catalogue
from scim.schema.documents import STORAGE_URN
from scim.schema.resource_type import ResourceType
from tests.contract.samples import LATER, MUCH_LATER, NOW

VALUE = {"name": "value", "caseExact": True, "required": True}
TYPE = {"name": "type"}
REFERENCES: dict[str, list[tuple[str, list[str], str]]] = {
    "Person": [],
    "Room": [],
    "Seat": [("person", ["Person"], "cascade"), ("room", ["Room"], "cascade")],
    "Key": [("seat", ["Seat"], "cascade")],
    "Note": [("about", ["Person", "Room"], "clear")],
    "Lease": [("room", ["Room"], "refuse")],
}


def _schema(name: str) -> str:
    attributes: list[dict[str, Any]] = [{"name": "name", "uniqueness": "server"}]
    attributes += [
        {"name": attribute, "type": "complex", "subAttributes": [VALUE, TYPE]}
        for attribute, _, _ in REFERENCES[name]
    ]
    if name == "Seat":
        attributes.append(
            {"name": "tags", "type": "complex", "multiValued": True, "subAttributes": [VALUE]}
        )
    return json.dumps({"id": f"urn:example:{name}", "name": name, "attributes": attributes})


def _type(name: str) -> str:
    hints: dict[str, Any] = {
        "references": [
            {"attribute": attribute, "targets": targets, "onDelete": on_delete}
            for attribute, targets, on_delete in REFERENCES[name]
        ]
    }
    if name == "Seat":
        hints["relations"] = [{"attribute": "tags", "targets": ["Person", "Seat"]}]
    document = {"name": name, "endpoint": f"/{name}s", "schema": f"urn:example:{name}"}
    return json.dumps({**document, STORAGE_URN: hints})


CATALOGUE = Catalogue.of(
    {name: _schema(name) for name in REFERENCES}, {name: _type(name) for name in REFERENCES}
)


def type_of(name: str) -> ResourceType:
    """Return one of the resource types."""
    found = CATALOGUE.resource_type(name)
    assert found is not None
    return found


def made(key: Key, *tags: Key, **body: Any) -> Creation:
    """Return the creation of a resource named after its key; a reference is given as a key."""
    whole = {"name": f"{key.type} {key.id}", **_referring(key.type, body)}
    return Creation(
        key,
        whole,
        entries_of(type_of(key.type), whole),
        NOW,
        (EdgeDelta("tags", tuple(map(Edge, tags))),) if tags else (),
        pointers=pointers_in(type_of(key.type).references, whole),
    )


def changed(before: Record, **body: Any) -> Update:
    """Return the update to another body; a reference is given as a key."""
    type_ = type_of(before.key.type)
    whole = _referring(before.key.type, body)
    return Update(
        before,
        LATER,
        whole,
        entries_of(type_, before.body),
        entries_of(type_, whole),
        pointers_before=pointers_in(type_.references, before.body),
        pointers_after=pointers_in(type_.references, whole),
    )


def ended(before: Record) -> Deletion:
    """Return the deletion of a resource."""
    type_ = type_of(before.key.type)
    return Deletion(
        before,
        MUCH_LATER,
        entries_of(type_, before.body),
        tuple(relation.attribute for relation in type_.relations),
        pointers=pointers_in(type_.references, before.body),
        outlines=CATALOGUE.outlines_of(type_.name),
    )


def _referring(type_name: str, body: dict[str, Any]) -> dict[str, Any]:
    several = {name for name, targets, _ in REFERENCES[type_name] if len(targets) > 1}
    return {
        name: {"value": value.id, **({"type": value.type} if name in several else {})}
        if isinstance(value, Key)
        else value
        for name, value in body.items()
    }
