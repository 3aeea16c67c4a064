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
    "pathParameters": {"id": "2819c223"},
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
                "resource": "2819c223",
                "filter": "emails[type eq ~acme.4 and value co ~acme.4] or n.a1 gt ~acme.2",
                "attributes": ["password", "userName"],
                "refused": {"rule": "no."},
                "cost": "rt=1",
            },
        )
    ]


def test_a_tenant_that_wants_none_has_none_and_one_that_wants_bodies_has_pseudonyms() -> None:
    kept = Kept()
    log = RequestLog(kept, lambda task: task())
    log.note(EVENT, {**LINE, "tenant": "silent"}, (), "")
    assert kept.entries == []
    log.note(EVENT, {**LINE, "tenant": "bodies"}, (), "")
    log.note({**EVENT, "body": f'{{"a": "{"x" * 70_000}"}}'}, {**LINE, "tenant": "bodies"}, (), "")
    bodies = [entry.get("body") for _, entry in kept.entries]
    assert bodies == [{"userName": "~bodies.3", "password": "~bodies.10"}, None]


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
