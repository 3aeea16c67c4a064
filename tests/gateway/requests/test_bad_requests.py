"""Hundreds of bad requests of every kind: each is refused, is cheap, and stores nothing."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import boto3
import pytest

from local.gateway import Gateway
from local.seed import token_of
from tests.contract.stores import stored_items
from tests.cpu import cpu, megabytes
from tests.gateway.client import ENTERPRISE, GROUP, PATCH, USER

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
JOB = "urn:serverless-scim:params:scim:schemas:core:1.0:Job"
NOBODY = "7d1f7a5e-0000-4000-8000-000000000000"
MOST = 120
"""CPU that one request may take, the local gateway's included, in megabytes of JSON."""

Bad = tuple[str, str, bytes]


def text_of(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _broken() -> Iterator[bytes]:
    """Yield what no reader of JSON takes, and what two readers would understand differently."""
    user = f'"schemas":["{USER}"],"userName":"bad"'
    yield from (b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"\x00", b"{}{}", b"<xml/>")
    yield from (f'{{{user},"userName":"b"}}'.encode(), f'{{{user},"title":NaN}}'.encode())
    yield from (f'{{{user},"x":"\\ud800"}}'.encode(), f"{{{user},}}".encode())
    yield f'{{{user},"x":{"[" * 5000}{"]" * 5000}}}'.encode()
    yield f'{{{user},"x":{"9" * 100_000}}}'.encode()
    yield f'{{{user},"title":"{"x" * 1_100_000}"}}'.encode()


def _values() -> Iterator[Any]:
    """Yield users of which one value is wrong."""
    wrong = (True, 7, 1.5, [], {}, ["x"], [[]], [{}], [7], "x\x00", None)
    names = ("userName", "name", "active", "emails", "addresses", "x509Certificates", ENTERPRISE)
    for name, value in product(names, wrong):
        if name == "userName" or value not in (None, [], {}, [{}], True):
            yield {"schemas": [USER], "userName": "bad", name: value}
    yield {"schemas": [USER], "userName": "bad", "emails": [{"value": "a", "primary": True}] * 2}
    yield {"schemas": [USER], "userName": "bad", "emails": [{"value": f"{n}"} for n in range(6000)]}
    yield {"schemas": ["urn:none"], "userName": "bad"}


def _filters() -> Iterator[str]:
    """Yield filters that are broken, unknown, ill-typed, or far too large."""
    yield from ("", " ", "userName", "userName eq", 'userName eq "x', 'eq "x"', "()", "not", "((")
    yield from ('userName xx "a"', 'userName eq "a" and', 'userName eq "a" "b"', "userName eq a")
    yield from ('no.such.thing eq "a"', "active gt true", 'emails[type eq "a"', "emails[]", "[")
    yield from ('meta.created gt "yesterday"', "userName pr pr", "userName eq {}", "1 eq 1")
    yield " or ".join(['title co "x"'] * 101)
    yield "(" * 60 + "title pr" + ")" * 60
    yield 'title eq "' + "x" * 5000 + '"'
    yield "not (" * 40 + "title pr" + ")" * 40
    yield "emails[" * 30 + "type pr" + "]" * 30


def _operations() -> Iterator[Any]:
    """Yield PATCH requests of which an operation is wrong."""
    for op, path in product(
        ("add", "replace", "remove", "move", 7), ("", "x[", "emails[", "a.b.c")
    ):
        yield {"schemas": [PATCH], "Operations": [{"op": op, "path": path, "value": {"a": []}}]}
    for operations in ([], {}, "x", [7], [{}], [{"op": "add"}], [{"op": "remove"}]):
        yield {"schemas": [PATCH], "Operations": operations}
    many = [{"op": "add", "path": "emails", "value": [{"value": f"{n}@x"}]} for n in range(1001)]
    yield {"schemas": [PATCH], "Operations": many}
    terms = " or ".join(f'value eq "{n}"' for n in range(99))
    some = [{"op": "replace", "path": f"emails[{terms}].type", "value": "x"}] * 400
    grown = [{"op": "add", "path": "emails", "value": [{"value": f"{n}"} for n in range(999)]}]
    yield {"schemas": [PATCH], "Operations": [*grown, *some]}


def _bulks() -> Iterator[Any]:
    """Yield bulk requests that are wrong as a whole."""
    for operations in (None, {}, "x", [{"method": "POST"}] * 1001):
        yield {"schemas": [BULK], "Operations": operations}
    for broken in (7, "x", []):
        yield {"schemas": [BULK], "failOnErrors": {"a": broken}, "Operations": []}
    yield {"schemas": [USER], "Operations": []}


def bad_requests() -> Iterator[Bad]:
    """Yield a method, a target and a body that each have to be refused."""
    places = [("POST", "/Users"), ("PUT", f"/Users/{NOBODY}"), ("PATCH", f"/Users/{NOBODY}")]
    places += [
        ("POST", "/Groups"),
        ("POST", "/Bulk"),
        ("POST", "/Users/.search"),
        ("POST", "/Jobs"),
    ]
    yield from ((method, path, body) for (method, path), body in product(places, _broken()))
    yield from (("POST", "/Users", text_of(body)) for body in _values())
    for path, text in product(("/Users", "/Groups", ""), _filters()):
        if text.strip():
            yield "GET", f"{path}?filter={quote(text)}", b""
        yield "POST", f"{path}/.search", text_of({"schemas": [SEARCH], "filter": text or 7})
    yield from (("PATCH", f"/Users/{NOBODY}", text_of(body)) for body in _operations())
    yield from (("POST", "/Bulk", text_of(body)) for body in _bulks())
    for members in (
        [7],
        "x",
        [{"value": NOBODY}],
        [{"value": {}}],
        [{"value": f"{n}"} for n in range(20_000)],
    ):
        yield (
            "POST",
            "/Groups",
            text_of({"schemas": [GROUP], "displayName": "g", "members": members}),
        )
    for query in ("startIndex=x", "count=x", "count=1&cursor=x", "sortBy=a["):
        yield "GET", f"/Users?{query}", b""
    for path in (
        "/Nothing",
        "/Users/a/b",
        f"/Users/{NOBODY}",
        "/Jobs/x",
        "/Jobs/x/Start/y",
        "/%00",
    ):
        yield "GET", path, b""
    for method, path in product(("PUT", "PATCH", "DELETE"), ("/Users", "/Groups", "/Schemas")):
        yield method, path, b"{}"
    for body in ({"kind": "bulk"}, {"kind": "import", "format": "csv"}, {"kind": 7}, {"size": -1}):
        yield "POST", "/Jobs", text_of({"schemas": [JOB], **body})


def stored(gateway: Gateway) -> list[Any]:
    """Return what is stored, but for what counts requests and refusals, and keys that are made when first needed."""
    items = stored_items(boto3.client("dynamodb"), *gateway.store.tables.values())
    counted = {"rate", "firing", "firings", "token", "seal", "refused"}
    kept = [item for item in items if item["k"]["S"] not in counted]
    return sorted(kept, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_bad_request_is_refused_costs_little_and_stores_nothing(gateway: Gateway) -> None:
    headers = {
        "Authorization": f"Bearer {token_of('rfc')}",
        "Content-Type": "application/scim+json",
    }
    gateway.handle("GET", "/rfc/scim/v2/Users?count=1", headers)
    before, wrong, all_ = stored(gateway), [], list(bad_requests())
    for method, target, body in all_:
        with cpu() as spent:
            answer = gateway.handle(method, f"/rfc/scim/v2{target}", headers, body)
        size = megabytes(spent.seconds)
        if not 400 <= answer.status < 500 or size > MOST:
            wrong.append((method, target[:120], body[:120], answer.status, round(size)))
    assert wrong == [], "\n".join(map(str, wrong))
    assert len(all_) > 361
    assert stored(gateway) == before
