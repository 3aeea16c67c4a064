"""Under any definition of a tenant, a stored resource fits it and keeps what it must."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scim.errors import ScimError
from scim.patch.request import request_of
from scim.resource.intake import intake_of
from scim.resource.record import Key
from scim.schema.catalogue import Catalogue
from scim.schema.message_uri import PATCH_OP_URN
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.resources.create import create
from scim.service.resources.modify import modify
from scim.service.resources.read import read
from scim.service.resources.replace import replace
from tests.fakes.endpoint import STRICT, FakeDeployment

BASE, EXTRA = "urn:example:core:1.0:Thing", "urn:example:extra:1.0:Thing"
VALUES: Mapping[str, list[Any]] = {
    "string": ["a", "A", "b"],
    "boolean": [True, False],
    "integer": [0, 1, 10],
    "decimal": [1, 1.0, 2.5],
    "dateTime": ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-01-02T00:00:00Z"],
    "complex": [],
}
Definition = dict[str, Any]
Body = Mapping[str, Any]


@st.composite
def attributes(draw: st.DrawFn, *, depth: int = 1) -> list[Definition]:
    """Draw up to four attributes of any characteristics; what is never returned is a secret."""
    defined: list[Definition] = []
    for name in draw(st.lists(st.sampled_from("abcd"), min_size=1, unique=True)):
        mutability = draw(
            st.sampled_from(["readWrite", "readWrite", "immutable", "readOnly", "writeOnly"])
        )
        returned = draw(st.sampled_from(["default", "always", "request"]))
        each = {
            "name": name,
            "type": draw(st.sampled_from([*VALUES] if depth else [*VALUES][:-1])),
            "multiValued": draw(st.booleans()),
            "required": draw(st.integers(0, 5)) == 0,
            "caseExact": draw(st.booleans()),
            "mutability": mutability,
            "returned": "never" if mutability == "writeOnly" else returned,
        }
        if each["type"] == "complex":
            each["subAttributes"] = draw(attributes(depth=0))
        defined.append(each)
    return defined


def value_of(attribute: Definition) -> st.SearchStrategy[Any]:
    """Return the strategy for a value that a client can send."""
    one = st.sampled_from(VALUES[attribute["type"]] or [None])
    if attribute["type"] == "complex":
        parts = {each["name"]: value_of(each) for each in attribute["subAttributes"]}
        one = st.fixed_dictionaries({}, optional=parts)
    return st.lists(one, max_size=3) if attribute["multiValued"] else one | st.none()


class Things:
    """The resources of a type that consists of two schemas."""

    def __init__(self, base: list[Definition], extra: list[Definition]) -> None:
        self.places = [(None, each) for each in base] + [(EXTRA, each) for each in extra]
        schemas = {
            uri: {"id": uri, "name": "T", "attributes": own}
            for uri, own in ((BASE, base), (EXTRA, extra))
        }
        type_ = {
            "name": "Thing",
            "endpoint": "/Things",
            "schema": BASE,
            "schemaExtensions": [{"schema": EXTRA, "required": False}],
        }
        catalogue = Catalogue.of(
            {uri: json.dumps(each) for uri, each in schemas.items()}, {"Thing": json.dumps(type_)}
        )
        self.endpoint: Endpoint = FakeDeployment(catalogue=catalogue, profile=STRICT).endpoint(
            "Thing"
        )
        self.names = [each["name"] for each in base] + [f"{EXTRA}:{each['name']}" for each in extra]
        self.names += [
            f"{name}.{sub['name']}"
            for name, (_, each) in zip(self.names, self.places, strict=True)
            for sub in each.get("subAttributes", ())
        ]

    @property
    def needs_secrets(self) -> bool:
        """Whether a value that no response contains is required in every PUT."""
        whole = [each for _, each in self.places]
        parts = [sub for each in whole for sub in each.get("subAttributes", ())]
        return any(each["required"] and each["mutability"] == "writeOnly" for each in whole + parts)

    def body(self, data: st.DataObject) -> dict[str, Any]:
        """Draw a body of a POST or PUT."""
        sent: dict[str, Any] = {"schemas": [BASE, EXTRA]}
        for uri, each in self.places:
            if each["required"] or data.draw(st.booleans()):
                level = sent if uri is None else sent.setdefault(uri, {})
                level[each["name"]] = data.draw(value_of(each))
        return sent

    def operation(self, data: st.DataObject) -> dict[str, Any]:
        """Draw an operation on an attribute or a part of one."""
        uri, each = data.draw(st.sampled_from(self.places))
        path, meant = ("" if uri is None else f"{uri}:") + each["name"], each
        if each["type"] == "complex" and data.draw(st.booleans()):
            meant = data.draw(st.sampled_from(each["subAttributes"]))
            path += f".{meant['name']}"
        op = data.draw(st.sampled_from(["add", "replace", "remove"]))
        return {
            "op": op,
            "path": path,
            **({} if op == "remove" else {"value": data.draw(value_of(meant))}),
        }

    def stored(self, id_: str) -> dict[str, Any]:
        records = self.endpoint.directory.read_many(self.endpoint.tenant, [Key("Thing", id_)])
        return json.loads(json.dumps(dict(next(iter(records.values())).body), default=dict))

    def missing(self, body: Body) -> set[str]:
        """Return what is required and not there, secrets aside."""
        return {
            f"{uri}:{each['name']}"
            for uri, each in self.places
            if each["required"] and each["mutability"] not in ("readOnly", "writeOnly")
            if (uri is None or uri in body)
            and each["name"] not in (body if uri is None else body[uri])
        }

    def fixed(self, body: Body) -> Iterator[tuple[str, Any]]:
        """Yield the immutable values that are set."""
        for uri, each in self.places:
            value = (body if uri is None else body.get(uri, {})).get(each["name"])
            parts = () if each["multiValued"] else each.get("subAttributes", ())
            if each["mutability"] == "immutable" and value is not None:
                yield f"{uri}:{each['name']}", value
            for sub in parts:
                if (
                    sub["mutability"] == "immutable"
                    and isinstance(value, dict)
                    and sub["name"] in value
                ):
                    yield f"{uri}:{each['name']}.{sub['name']}", value[sub["name"]]


def as_json(answer: Answer) -> Any:
    """Return the resource of an answer as a client reads it."""
    return json.loads(json.dumps(answer.resource, default=dict))


def contained(small: Any, large: Any) -> bool:
    """Tell whether all members of one JSON value are in another."""
    if isinstance(small, Mapping):
        return all(name in large and contained(part, large[name]) for name, part in small.items())
    if isinstance(small, list):
        return all(contained(one, other) for one, other in zip(small, large, strict=True))
    return bool(small == large)


@given(attributes(), attributes(), st.data())
def test_a_stored_resource_fits_its_definition_after_every_write(
    base: list[Definition], extra: list[Definition], data: st.DataObject
) -> None:
    things = Things(base, extra)
    endpoint, whole = things.endpoint, things.endpoint.projection((), ())
    try:
        made = create(endpoint, things.body(data), whole)
    except ScimError:
        return
    assert made.resource is not None
    id_ = str(made.resource["id"])
    for _ in range(data.draw(st.integers(1, 6))):
        before, kept = things.stored(id_), dict(things.fixed(things.stored(id_)))
        try:
            answer = changed(things, id_, data)
        except ScimError:
            assert things.stored(id_) == before
            continue
        after = things.stored(id_)
        assert intake_of(endpoint.resource_type, {"schemas": [BASE], **after}, STRICT).body == after
        assert things.missing(after) <= things.missing(before)
        assert dict(things.fixed(after)).items() >= kept.items()
        now = read(endpoint, id_, Precondition(), whole)
        assert answer.etag == now.etag
        assert contained(as_json(now), as_json(answer))
    if not things.needs_secrets:
        everything = read(endpoint, id_, Precondition(), endpoint.projection(things.names, ()))
        again = replace(endpoint, id_, as_json(everything), Precondition(), whole)
        assert again.etag == everything.etag


def changed(things: Things, id_: str, data: st.DataObject) -> Answer:
    """PUT or PATCH the resource."""
    endpoint, whole = things.endpoint, things.endpoint.projection((), ())
    if data.draw(st.booleans()):
        return replace(endpoint, id_, things.body(data), Precondition(), whole)
    operations = [things.operation(data) for _ in range(data.draw(st.integers(1, 3)))]
    message = {"schemas": [PATCH_OP_URN], "Operations": operations}
    return modify(
        endpoint, id_, request_of(message, STRICT, budget=endpoint.budget), Precondition(), whole
    )
