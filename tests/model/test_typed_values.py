"""Hard values of each type: an index, an order, uniqueness and a file treat them as a filter does."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client
from tests.gateway.fixture import gateway_on_checked_table
from tests.gateway.transfer import exported, imported

__all__ = ["gateway_on_checked_table"]

SAMPLE, KEY = "urn:example:typed:1.0:Sample", "urn:example:typed:1.0:Key"
HINTS = "urn:serverless-scim:params:scim:schemas:extension:storage:1.0:ResourceType"
TEXTS = (
    *("a", "A", "straße", "STRASSE", "é", "e\u0301", "ς", "Σ", "ı", "I", "ﬁ", "ｆi", "a\u200bb"),
    *(
        "👨\u200d👩",
        "\u202eabc",
        " a",
        "a\u00a0",
        'a"\\b',
        "a\u2028b",
        "𐐀",
        "z" * 700,
        "\U0010ffff",
    ),
)
NEVER_UNIQUE = ("a\u2028b", "\U0010ffff")
"""A line end, and a character that Unicode does not define."""
VALUES: Mapping[str, Sequence[Any]] = {
    "folded": TEXTS,
    "exact": TEXTS,
    "boolean": (True, False),
    "decimal": (0, -0.5, 1, 1.5, 3, 30, -30, 1e22, 5e-324, -1e308, 2**53, 2**53 + 1, 2**64 - 1),
    "integer": (0, -1, 9, 10, -10, 2**53, 2**53 + 1, 2**63 - 1, 1 - 2**63),
    "dateTime": (
        *("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00"),
        *("2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00.000001Z", "0001-01-01T00:00:00Z"),
        *("9999-12-31T23:59:59.999999Z", "2024-02-29T12:00:00-12:00"),
    ),
    "reference": ("https://example.com/ä", "https://example.com/a?b=c+d", "../A", "../a", "urn:x"),
    "binary": ("aGVsbG8=", "aGVsbG8", "QUJD", "qujd", "-_8"),
}
SLOW = ("folded", "exact", "decimal", "integer")
KINDS = [pytest.param(kind, marks=pytest.mark.long if kind in SLOW else ()) for kind in VALUES]
EQUALITY, ORDER, PARTS = ("eq", "ne"), ("lt", "le", "gt", "ge"), ("co", "sw", "ew")


def typed(name: str, kind: str, **more: object) -> dict[str, object]:
    type_ = "string" if kind in ("folded", "exact") else kind
    return {"name": name, "type": type_, "caseExact": kind != "folded", **more}


def definitions() -> dict[str, object]:
    plain = [typed(f"{kind}Plain", kind) for kind in VALUES]
    indexed = [typed(f"{kind}Indexed", kind) for kind in VALUES]
    several = [typed(f"{kind}Several", kind, multiValued=True) for kind in VALUES]
    unique = [typed(f"{kind}Key", kind, uniqueness="server") for kind in VALUES]
    indexes = [{"attribute": each["name"]} for each in (*indexed, *several)]
    return {
        "schemas": [
            {"id": SAMPLE, "name": "Sample", "attributes": [*plain, *indexed, *several]},
            {"id": KEY, "name": "Key", "attributes": unique},
        ],
        "resourceTypes": [
            {
                "name": "Sample",
                "endpoint": "/Samples",
                "schema": SAMPLE,
                HINTS: {"indexes": indexes},
            },
            {"name": "Key", "endpoint": "/Keys", "schema": KEY},
        ],
    }


def client_of(gateway: Gateway, tenant: str) -> Client:
    make_tenant(gateway, tenant, profile="rfc")
    first = Client(gateway, secret_of(gateway, tenant, "*"))
    answer = first.send("PUT", "/Definitions", definitions())
    assert answer.status == 200, answer.body
    return Client(gateway, secret_of(gateway, tenant, "*"))


def filled(kind: str, value: object) -> dict[str, object]:
    several = {f"{kind}Several": [value]}
    return {"schemas": [SAMPLE], f"{kind}Plain": value, f"{kind}Indexed": value, **several}


def stored(client: Client, kind: str) -> list[str]:
    """Store a resource for each value and return their ids."""
    return [client._made("/Samples", filled(kind, value))["id"] for value in VALUES[kind]]


def found(client: Client, **query: str) -> list[str]:
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    answer = client.send("GET", f"/Samples?count=100&attributes=id&{asked}")
    assert answer.status == 200, (query, answer.body)
    return [each["id"] for each in answer.body.get("Resources", ())]


def operators_of(kind: str) -> Sequence[str]:
    ordered = () if kind in ("boolean", "binary") else ORDER
    return (*EQUALITY, *ordered, *(PARTS if kind in ("folded", "exact", "reference") else ()))


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_and_an_order_agree_with_each_filter(gateway: Gateway, kind: str) -> None:
    client = client_of(gateway, f"filters-{kind.lower()}")
    ids = stored(client, kind)
    in_order = found(client, sortBy=f"{kind}Plain")
    assert sorted(in_order) == sorted(ids)
    for name in (f"{kind}Indexed", f"{kind}Several"):
        assert found(client, sortBy=name) == in_order
        assert found(client, sortBy=name, sortOrder="descending") == in_order[::-1]
    for id_, value in zip(ids, VALUES[kind], strict=True):
        matches: dict[str, set[str]] = {}
        for operator in operators_of(kind):
            term = f"{operator} {json.dumps(value)}"
            matches[operator] = {*found(client, filter=f"{kind}Plain {term}")}
            for name in (f"{kind}Indexed", f"{kind}Several"):
                assert {*found(client, filter=f"{name} {term}")} == matches[operator], term
        assert id_ in matches["eq"]
        assert matches["ne"] == {*ids} - matches["eq"]
        if "lt" in matches:
            assert {*in_order[: len(matches["lt"])]} == matches["lt"]
            assert matches["le"] == matches["lt"] | matches["eq"]
            assert matches["gt"] == {*ids} - matches["le"]
            assert matches["ge"] == {*ids} - matches["lt"]


@pytest.mark.parametrize("kind", [kind for kind in VALUES if kind != "boolean"])
def test_values_that_a_filter_calls_equal_cannot_both_be_unique(
    gateway: Gateway, kind: str
) -> None:
    client = client_of(gateway, f"unique-{kind.lower()}")
    for value in VALUES[kind]:
        term = quote(f"{kind}Key eq {json.dumps(value)}", safe="")
        is_taken = client.send("GET", f"/Keys?filter={term}").body["totalResults"] == 1
        answer = client.send("POST", "/Keys", {"schemas": [KEY], f"{kind}Key": value})
        expected = 400 if value in NEVER_UNIQUE else 409 if is_taken else 201
        assert answer.status == expected, (value, answer.body)


@pytest.mark.parametrize(
    "form",
    [pytest.param(form, marks=pytest.mark.long) for form in ("ndjson", "bulk", "csv")],
)
def test_a_file_returns_each_value(gateway: Gateway, form: str) -> None:
    full, empty = (client_of(gateway, f"{form}-{end}") for end in ("full", "empty"))
    bodies = [filled(kind, value) for kind in VALUES for value in VALUES[kind]]
    for body in bodies:
        full._made("/Samples", body)
    names = [name for body in bodies for name in body if name != "schemas"]
    columns = {"type": "meta.resourceType", **{name: name for name in names}}
    mapping = {"mapping": {"columns": columns}} if form == "csv" else {}
    content = exported(full, format=form, resourceTypes=["Sample"], **mapping)
    _, entries = imported(empty, content, format=form, **mapping)
    assert {entry["status"] for entry in entries} == {"201"}
    listed = empty.send("GET", "/Samples?count=200").body["Resources"]
    shown = [{name: each[name] for name in each if name not in ("id", "meta")} for each in listed]
    assert sorted(map(_text, shown)) == sorted(map(_text, bodies))


def _text(body: Mapping[str, object]) -> str:
    return json.dumps(body, sort_keys=True)
