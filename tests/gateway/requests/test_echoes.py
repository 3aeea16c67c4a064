"""A refusal stays short: it repeats only the beginning of long names."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from local.gateway import Gateway
from scim.resource.job import JOB_URN
from tests.gateway.client import PATCH, USER, Client

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
LONG = "x" * 3000
ROOM = 400

MAPPING = {"resourceType": "User", "key": "userName", "columns": {"a": "userName"}}
USER_BODY = {"schemas": [USER], "userName": "u", "emails": [{"value": "a", "type": "work"}]}
PATCH_BODY = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "title", "value": "x"}]}
BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/Users", USER_BODY),
    ("PATCH", "/Users/{id}", PATCH_BODY),
    (
        "POST",
        "/Bulk",
        {
            "schemas": [BULK],
            "Operations": [{"method": "POST", "path": "/Users", "bulkId": "b", "data": USER_BODY}],
        },
    ),
    (
        "POST",
        "/.search",
        {"schemas": [SEARCH], "filter": "id pr", "sortBy": "id", "attributes": ["id"], "count": 1},
    ),
    (
        "POST",
        "/Jobs",
        {"schemas": [JOB_URN], "kind": "import", "format": "csv", "mapping": MAPPING},
    ),
    ("POST", "/Jobs", {"schemas": [JOB_URN], "kind": "undo", "undoes": {"transaction": "x"}}),
    ("POST", "/Jobs", {"schemas": [JOB_URN], "kind": "export", "resourceTypes": ["User"]}),
]
FORMS = (
    "{}",
    "{} pr",
    "emails[{} pr]",
    f"{USER}:{{}} pr",
    f"{USER}:{{}}",
    "emails.{}",
    'title eq "{}',
)


def variants(
    node: object, placed: Callable[[object], object] = lambda value: value
) -> Iterator[object]:
    """Yield a document with each of its values replaced by a long one, and each object with a long name."""
    yield from (placed(LONG), placed([LONG]), placed({LONG: {LONG: LONG}}))
    if isinstance(node, dict):
        yield placed({**node, LONG: LONG})
        for name, part in node.items():
            yield from variants(
                part,
                lambda value, name=name: placed({**node, name: value}),  # type: ignore[misc]
            )
    elif isinstance(node, list):
        for part in node:
            yield from variants(part, lambda value: placed([value]))


def _details(body: object) -> Iterator[str]:
    if isinstance(body, dict):
        detail = body.get("detail")
        yield from (detail,) if isinstance(detail, str) else ()
    for part in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from _details(part)


@pytest.mark.parametrize(("method", "path", "body"), BODIES, ids=lambda value: str(value)[:40])
def test_a_refused_body_is_not_repeated(
    gateway: Gateway, method: str, path: str, body: dict[str, Any]
) -> None:
    client = Client(gateway)
    user = client.user(f"{method}-{path}-{len(str(body))}")
    for variant in variants(body):
        answer = client.send(method, path.format(id=user["id"]), variant)
        assert answer.status < 500
        assert max(map(len, _details(answer.body)), default=0) < ROOM


@pytest.mark.parametrize("parameter", ["filter", "sortBy", "attributes", "cursor", "count"])
@pytest.mark.parametrize("path", ["/Users", "/", "/GroupMembers"])
def test_a_refused_query_is_not_repeated(gateway: Gateway, path: str, parameter: str) -> None:
    for form in FORMS:
        answer = Client(gateway).send("GET", f"{path}?{parameter}={quote(form.format(LONG))}")
        assert answer.status < 500
        assert max(map(len, _details(answer.body)), default=0) < ROOM
