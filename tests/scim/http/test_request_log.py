"""An entry of the request log holds names, booleans and pseudonyms, and no other value of a client."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from scim.access.requests_kept import RequestsKept
from scim.http.request_log import RequestLog, pseudonymised

EVENT = {
    "httpMethod": "POST",
    "body": '{"userName": "kim", "password": "t0pSecret!"}',
    "queryStringParameters": {
        "filter": 'emails[type eq "work" and value co "k\\"m"] or n.a1 gt 42'
    },
}
LINE = {"tenant": "acme", "operation": "POST /Users", "status": 400, "refused": {"rule": "no."}}


class Kept:
    """Keeps entries in a list."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Mapping[str, object]]] = []

    def pseudonym(self, tenant: str, value: str) -> str:
        return f"~{tenant}.{len(value)}"

    def kept_of(self, tenant: str) -> RequestsKept:
        return RequestsKept(is_on=tenant != "silent")

    def keeps_bodies(self, tenant: str) -> bool:
        return tenant == "bodies"

    def note(self, tenant: str, entry: Mapping[str, object]) -> None:
        self.entries.append((tenant, entry))

    def after(self, tenant: str, after: int, limit: int) -> Sequence[Mapping[str, object]]:
        raise NotImplementedError


def test_an_entry_is_made_later_and_of_names() -> None:
    kept, tasks = Kept(), list[Callable[[], None]]()
    RequestLog(kept, tasks.append).note(EVENT, LINE, (), "rt=1")
    assert kept.entries == []
    tasks[0]()
    assert kept.entries == [
        (
            "acme",
            {
                "operation": "POST /Users",
                "status": 400,
                "filter": "emails[type eq ~acme.4 and value co ~acme.4] or n.a1 gt ~acme.2",
                "attributes": ["password", "userName"],
                "refused": {"rule": "no."},
                "cost": "rt=1",
            },
        )
    ]


ID = "2819c223-7f76-453a-919d-413861904646"


@pytest.mark.parametrize(
    ("operation", "path", "status", "shown"),
    [
        ("GET /Users/{id}", f"/scim/v2/Users/{ID}", 404, ID),
        ("GET /Users/{id}", f"/acme/scim/v2/Users/{ID}/", 400, ID),
        ("GET /GroupMembers/{id}", f"/scim/v2/GroupMembers/{ID}.{ID}", 404, f"{ID}.{ID}"),
        ("POST /Jobs/{id}/Start", f"/scim/v2/Jobs/{ID}/Start", 409, ID),
        ("GET /Users/{id}", "/scim/v2/Users/17", 200, "17"),
        ("GET /Users/{id}", "/scim/v2/Users/17", 404, "~acme.2"),
        ("GET /Users/{id}", "/acme/scim/v2/Users/kim@hooli.example", 404, "~acme.17"),
        ("GET /Users/{id}", "/scim/v2/Users/kim%40hooli.example", 404, "~acme.17"),
        ("GET /Users/{id}", f"/scim/v2/Users/kim{ID}", 404, "~acme.39"),
        ("GET /Users", "/scim/v2/Users", 200, None),
        ("GET /Users/{id}", "/x", 404, None),
    ],
)
def test_an_id_is_shown_if_the_service_made_it(
    operation: str, path: str, status: int, shown: str | None
) -> None:
    kept = Kept()
    line = {**LINE, "operation": operation, "status": status}
    RequestLog(kept, lambda task: task()).note({**EVENT, "path": path}, line, (), "")
    assert kept.entries[0][1].get("resource") == shown


def test_a_tenant_that_wants_none_has_none_and_one_that_wants_bodies_has_pseudonyms() -> None:
    kept = Kept()
    log = RequestLog(kept, lambda task: task())
    log.note(EVENT, {**LINE, "tenant": "silent"}, (), "")
    assert kept.entries == []
    log.note(EVENT, {**LINE, "tenant": "bodies"}, (), "")
    log.note({**EVENT, "body": f'{{"a": "{"x" * 70_000}"}}'}, {**LINE, "tenant": "bodies"}, (), "")
    bodies = [entry.get("body") for _, entry in kept.entries]
    assert bodies == [{"userName": "~bodies.3", "password": "~bodies.10"}, None]


def test_an_attribute_that_is_no_name_is_a_pseudonym() -> None:
    kept = Kept()
    event = {"httpMethod": "POST", "body": '{"userName": "kim", "kim@hooli.example": 1}'}
    RequestLog(kept, lambda task: task()).note(event, LINE, (), "")
    assert kept.entries[0][1]["attributes"] == ["~acme.17", "userName"]


def test_a_request_without_a_tenant_is_not_logged() -> None:
    kept = Kept()
    RequestLog(kept, lambda task: task()).note(EVENT, {"operation": "GET /"}, (), "")
    assert kept.entries == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (12, "~2"),
        ("kim", "~3"),
        ("False", "False"),
        ({"kim@hooli.example": 1, "+49 170": 2}, {"~17": "~1", "~7": "~1"}),
        (
            {"urn:ietf:params:scim:2.0:User:$ref.x-y": 1},
            {"urn:ietf:params:scim:2.0:User:$ref.x-y": "~1"},
        ),
        ({"a": ["kim", False]}, {"a": ["~3", False]}),
    ],
)
def test_values_are_pseudonyms(value: Any, shown: Any) -> None:
    assert pseudonymised(value, lambda text: f"~{len(text)}") == shown


@pytest.mark.parametrize(
    ("body", "deactivates"),
    [
        ('{"active": false}', True),
        ('{"active": "False"}', True),
        ('{"active": true}', None),
        ("{}", None),
        ("[false]", None),
    ],
)
def test_a_body_that_deactivates_is_told_from_one_that_does_not(
    body: str, deactivates: bool | None
) -> None:
    kept = Kept()
    event = {**EVENT, "httpMethod": "PUT", "body": body}
    RequestLog(kept, lambda task: task()).note(event, LINE, (), "")
    ((_, entry),) = kept.entries
    assert entry.get("deactivates") == deactivates
