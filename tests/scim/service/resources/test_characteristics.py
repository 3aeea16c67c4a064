"""What the characteristics of a tenant's own attributes mean in POST, PUT and PATCH (RFC 7643 section 2.2)."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest

from scim.errors import InvalidValue, Mutability, ScimError, TooMany
from scim.patch.request import request_of
from scim.profile.parts import PutRules
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.schema.documents import STORAGE_URN
from scim.schema.message_uri import PATCH_OP_URN
from scim.service.messages import Answer, Precondition
from scim.service.resources.create import create
from scim.service.resources.modify import modify
from scim.service.resources.read import read
from scim.service.resources.replace import replace
from tests.fakes.endpoint import STRICT, FakeDeployment

CRATE = "urn:example:core:1.0:Crate"
SEAL = "urn:example:extra:1.0:Seal"
IMMUTABLE = {"mutability": "immutable"}
BAND = {
    "name": "band",
    "type": "complex",
    "subAttributes": [{"name": "width", "required": True}, {"name": "made", **IMMUTABLE}],
}
DOCUMENTS: dict[str, dict[str, Any]] = {
    CRATE: {
        "name": "Crate",
        "attributes": [
            {"name": "label", "required": True},
            {"name": "pin", "required": True, "mutability": "writeOnly", "returned": "never"},
            {"name": "weight", "type": "decimal", **IMMUTABLE},
            {"name": "packed", "type": "dateTime", **IMMUTABLE},
            {"name": "codes", "multiValued": True, "caseExact": True, **IMMUTABLE},
            {
                "name": "stops",
                "type": "complex",
                "multiValued": True,
                "subAttributes": [
                    {"name": "value", "required": True},
                    {"name": "notes", "multiValued": True},
                ],
            },
            {
                "name": "route",
                "type": "complex",
                "subAttributes": [
                    {"name": "from"},
                    {"name": "via", "multiValued": True},
                    {"name": "cost", "type": "decimal", "returned": "request"},
                ],
            },
            BAND,
            {"name": "audit", "returned": "request"},
            {
                "name": "origin",
                "type": "complex",
                **IMMUTABLE,
                "subAttributes": [
                    {"name": "value", "caseExact": True},
                    {"name": "$ref", "type": "reference", "referenceTypes": ["Crate"]},
                    {"name": "display"},
                ],
            },
        ],
    },
    SEAL: {
        "name": "Seal",
        "attributes": [{"name": "number", "required": True}, {"name": "wax", **IMMUTABLE}, BAND],
    },
}
TYPE = {
    "name": "Crate",
    "endpoint": "/Crates",
    "schema": CRATE,
    "schemaExtensions": [{"schema": SEAL, "required": False}],
    STORAGE_URN: {"references": [{"attribute": "origin", "targets": ["Crate"]}]},
}
CATALOGUE = Catalogue.of(
    {uri: json.dumps({"id": uri, **each}) for uri, each in DOCUMENTS.items()},
    {"Crate": json.dumps(TYPE)},
)
SENT = {"label": "a", "pin": "1"}


class Store:
    """One crate, created from a body that says what is required."""

    def __init__(self, **more: Any) -> None:
        self.endpoint = FakeDeployment(catalogue=CATALOGUE, profile=STRICT).endpoint("Crate")
        self.whole = self.endpoint.projection((), ())
        self.made = create(self.endpoint, _whole({**SENT, **more}), self.whole)
        assert self.made.resource is not None
        self.id = str(self.made.resource["id"])

    def get(self) -> Answer:
        return read(self.endpoint, self.id, Precondition(), self.whole)

    def put(self, projection: Projection | None = None, **more: Any) -> Answer:
        body = _whole({**SENT, **more})
        return replace(self.endpoint, self.id, body, Precondition(), projection or self.whole)

    def patch(
        self, *operations: Mapping[str, object], projection: Projection | None = None
    ) -> Answer:
        message = {"schemas": [PATCH_OP_URN], "Operations": list(operations)}
        patch = request_of(message, STRICT, budget=self.endpoint.budget)
        return modify(self.endpoint, self.id, patch, Precondition(), projection or self.whole)


def _whole(body: Mapping[str, object]) -> dict[str, object]:
    return {"schemas": [CRATE, *([SEAL] if SEAL in body else [])], **body}


def content(answer: Answer) -> dict[str, Any]:
    """Return the attributes of an answer."""
    resource = json.loads(json.dumps(answer.resource, default=dict))
    return {
        name: value for name, value in resource.items() if name not in ("id", "meta", "schemas")
    }


def test_a_put_of_what_a_get_showed_changes_nothing() -> None:
    store = Store(audit="seen", route={"from": "x"})
    shown = content(store.get())
    assert "audit" not in shown
    assert store.put(**shown).etag == 'W/"1"'
    read_whole = store.endpoint.projection(("audit",), ())
    assert content(read(store.endpoint, store.id, Precondition(), read_whole)) == {"audit": "seen"}


def test_a_null_clears_what_a_get_does_not_show_only_if_put_merges() -> None:
    store = Store(audit="seen")
    audit = store.endpoint.projection(("audit",), ())
    assert content(store.put(audit, audit=None)) == {"audit": "seen"}
    store.endpoint = dataclasses.replace(
        store.endpoint, profile=dataclasses.replace(STRICT, put=PutRules(mode="merge"))
    )
    assert content(store.put(audit)) == {"audit": "seen"}
    assert content(store.put(audit, audit=None)) == {}


def _with_rule(store: Store, source: str, target: str) -> None:
    rule = {"type": "Crate", "source": source, "target": target}
    mapping_catalogue = CATALOGUE.with_mapping({"attributes": [rule]})
    store.endpoint = dataclasses.replace(store.endpoint, catalogue=mapping_catalogue)


def test_a_mapping_reads_what_a_put_keeps() -> None:
    store = Store(audit="seen")
    _with_rule(store, "audit", "label")
    assert content(store.put(label="b")) == {"label": "seen"}


def test_a_put_keeps_no_value_that_a_mapping_made_of_what_is_gone() -> None:
    store = Store()
    _with_rule(store, "route.from", "audit")
    audit = store.endpoint.projection(("audit",), ())
    assert content(store.put(audit, route={"from": "x"})) == {"audit": "x"}
    assert content(store.put(audit)) == {}


@pytest.mark.parametrize(
    ("name", "stored", "sent"),
    [
        pytest.param("weight", 1.0, 1, id="a number"),
        pytest.param("packed", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", id="a time"),
        pytest.param("codes", ["x", "y"], ["y", "x"], id="the order of values"),
    ],
)
def test_an_immutable_value_can_be_sent_in_another_form(name: str, stored: Any, sent: Any) -> None:
    store = Store(**{name: stored})
    put = store.put(**{name: sent})
    patched = store.patch({"op": "replace", "path": name, "value": sent})
    for answer in (put, patched):
        assert answer.etag == 'W/"1"'
        assert repr(content(answer)[name]) == repr(stored)


@pytest.mark.parametrize(
    ("name", "stored", "sent"),
    [
        pytest.param("weight", 1.0, 1.5, id="a number"),
        pytest.param("packed", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00", id="a time"),
        pytest.param("codes", ["x", "y"], ["x"], id="fewer values"),
        pytest.param("codes", ["x", "y"], ["x", "y", "z"], id="more values"),
        pytest.param("codes", ["x", "y"], ["x", "Y"], id="another value"),
    ],
)
def test_an_immutable_value_cannot_change(name: str, stored: Any, sent: Any) -> None:
    store = Store(**{name: stored})
    with pytest.raises(Mutability):
        store.put(**{name: sent})
    with pytest.raises(Mutability):
        store.patch({"op": "replace", "path": name, "value": sent})


def test_an_immutable_reference_can_be_sent_again_as_it_is_shown() -> None:
    store = Store()
    other = create(store.endpoint, _whole({**SENT, "origin": {"value": store.id}}), store.whole)
    shown = content(other)["origin"]
    assert shown["$ref"].endswith(f"/Crates/{store.id}")
    store.id = json.loads(json.dumps(other.resource, default=dict))["id"]
    for answer in (
        store.put(origin=shown),
        store.patch({"op": "replace", "path": "origin", "value": shown}),
    ):
        assert (answer.etag, content(answer)["origin"]) == (other.etag, shown)
    with pytest.raises(Mutability):
        store.put(origin={**shown, "value": store.id})


def test_a_put_that_leaves_out_an_extension_cannot_leave_a_part_of_it() -> None:
    store = Store(**{SEAL: {"number": "7", "wax": "red"}})
    with pytest.raises(InvalidValue, match="number: a value is required"):
        store.put()
    assert content(store.put(**{SEAL: {"number": "8"}}))[SEAL] == {"number": "8", "wax": "red"}
    without_wax = Store(**{SEAL: {"number": "7"}})
    assert SEAL not in content(without_wax.put())


def test_a_put_that_leaves_out_an_immutable_part_keeps_it() -> None:
    store = Store(band={"width": "1", "made": "x"})
    assert content(store.put(band={"width": "2"}))["band"] == {"width": "2", "made": "x"}
    with pytest.raises(Mutability, match=r"band\.made: immutable"):
        store.put(band={"width": "2", "made": "y"})


def test_an_immutable_part_does_not_stay_without_what_its_attribute_requires() -> None:
    with pytest.raises(InvalidValue, match=r"band\.width: a value is required"):
        Store(band={"width": "1", "made": "x"}).put()
    store = Store(**{SEAL: {"number": "7", "band": {"width": "1", "made": "x"}}})
    with pytest.raises(InvalidValue, match=r"band\.width: a value is required"):
        store.put(**{SEAL: {"number": "7"}})


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": f"{SEAL}:wax", "value": "red"},
        {"op": "add", "path": "stops", "value": [{"notes": ["no value"]}]},
        {"op": "replace", "path": "label", "value": " "},
    ],
    ids=["an extension", "a part", "a blank"],
)
def test_a_patch_needs_what_is_required_beside_a_secret_that_is(operation: dict[str, Any]) -> None:
    with pytest.raises(ScimError, match="a value is required"):
        Store().patch(operation)


def test_values_added_in_a_complex_value_join_those_that_are_there() -> None:
    store = Store(route={"from": "A", "via": ["B"]}, stops=[{"value": "1", "notes": ["x"]}])
    for operation in (
        {"op": "add", "path": "route", "value": {"via": ["C", "b"]}},
        {"op": "add", "value": {"route": {"via": ["D"]}}},
        {"op": "add", "path": 'stops[value eq "1"]', "value": {"notes": ["y", "X"]}},
    ):
        shown = content(store.patch(operation))
    assert shown["route"] == {"from": "A", "via": ["B", "C", "D"]}
    assert shown["stops"] == [{"value": "1", "notes": ["x", "y"]}]
    replaced = store.patch({"op": "replace", "path": "route", "value": {"via": ["E"]}})
    assert content(replaced)["route"] == {"from": "A", "via": ["E"]}


def test_values_that_join_many_count_in_the_budget() -> None:
    many, one = [str(number) for number in range(5000)], ["1"]
    adds = [{"op": "add", "path": "route", "value": {"via": via}} for via in (many, *[one] * 90)]
    with pytest.raises(TooMany, match="comparisons"):
        Store().patch(*adds)


def test_values_returned_on_request_are_returned_to_the_client_that_sets_them() -> None:
    both = {"audit": "who", "route": {"from": "A", "cost": 2}}
    label = {"label": "a"}
    store = Store(**both)
    assert content(store.made) == {**label, **both}
    assert content(store.get()) == {**label, "route": {"from": "A"}}
    assert content(store.put(**both)) == {**label, **both}
    assert content(store.put(audit="who")) == {**label, "audit": "who"}
    store.put(**both)
    part = store.patch({"op": "replace", "path": "route.cost", "value": 3})
    assert content(part) == {**label, "route": {"from": "A", "cost": 3}}
    other = store.patch({"op": "replace", "path": "label", "value": "b"})
    assert content(other) == {"label": "b", "route": {"from": "A"}}


def test_the_projection_of_a_write_leaves_them_out_too() -> None:
    both = {"audit": "who", "route": {"from": "A", "cost": 2}}
    store = Store(**both)
    only = store.endpoint.projection(("label",), ())
    assert content(store.put(only, **both)) == {"label": "a"}
    without = store.endpoint.projection((), ("audit", "route.cost"))
    assert content(store.put(without, **both)) == {"label": "a", "route": {"from": "A"}}
    change = {"op": "replace", "path": "audit", "value": "another"}
    assert "audit" not in content(store.patch(change, projection=without))
    assert content(store.patch(change | {"value": "third"}))["audit"] == "third"
