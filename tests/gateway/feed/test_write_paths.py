"""Every way to write gives its events: a test for each row of the table in docs/events.md."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.devices import STORAGE
from tests.gateway.access import administer, make_tenant, secret_of
from tests.gateway.client import BULK, GROUP, USER, Client
from tests.gateway.feed.feed_client import FeedClient
from tests.gateway.feed.sets import drained
from tests.gateway.transfer import ended, imported

EVENTS = Path(__file__).parents[3] / "docs" / "events.md"
PREFIX = "urn:ietf:params:scim:event:"
NUMBERS = count(1)
MEMBERSHIP = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"
LINKS_LEFT_TO_THE_SWEEP = 45

BADGE = "urn:example:badges:1.0:Badge"
BADGES = {
    "schemas": [
        {
            "id": BADGE,
            "name": "Badge",
            "attributes": [
                {"name": "number", "required": True},
                {
                    "name": "holder",
                    "type": "complex",
                    "required": True,
                    "subAttributes": [{"name": "value", "required": True, "caseExact": True}],
                },
            ],
        }
    ],
    "resourceTypes": [
        {
            "name": "Badge",
            "endpoint": "/Badges",
            "schema": BADGE,
            STORAGE: {
                "references": [{"attribute": "holder", "targets": ["User"], "onDelete": "cascade"}]
            },
        }
    ],
}
"""A type whose resources go with who they refer to."""

Told = list[tuple[str, list[str]]]
"""Of each SET the type of its subject, and the short names of its events."""


def plain(client: FeedClient) -> Client:
    return Client(client.gateway, "local-rfc-token", client.base)


def _put(client: FeedClient) -> None:
    id_ = client.user("put")
    drained(client)
    body = {"schemas": [USER], "userName": "put", "title": "x"}
    client.made("PUT", f"/Users/{id_}", body)


def _patched(client: FeedClient) -> None:
    id_ = client.user("patched")
    drained(client)
    client.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "x"})


def _activated(client: FeedClient) -> None:
    id_ = client.user("activated", active=False)
    drained(client)
    client.patch(f"/Users/{id_}", {"op": "replace", "path": "active", "value": True})


def _active_left_out(client: FeedClient) -> None:
    id_ = client.user("unsaid", active=True)
    drained(client)
    client.patch(f"/Users/{id_}", {"op": "remove", "path": "active"})


def _deleted(client: FeedClient) -> None:
    id_ = client.user("deleted")
    drained(client)
    client.made("DELETE", f"/Users/{id_}")


def _member_deleted(groups: int) -> Callable[[FeedClient], None]:
    def act(client: FeedClient) -> None:
        id_ = client.user(f"member-of-{groups}")
        for n in range(groups):
            body = {
                "schemas": [GROUP],
                "displayName": f"{groups} {n}",
                "members": [{"value": id_}],
            }
            client.made("POST", "/Groups", body)
        drained(client)
        client.made("DELETE", f"/Users/{id_}")
        client.gateway.event_sources.pump()
        client.gateway.schedules.fire()

    return act


def _referred_to(client: FeedClient) -> None:
    _definitions(client)
    holder = client.user("holder")
    badge = {"schemas": [BADGE], "number": "7", "holder": {"value": holder}}
    client.made("POST", "/Badges", badge)
    drained(client)
    client.made("DELETE", f"/Users/{holder}")


def _many(client: FeedClient) -> None:
    people = [{"value": client.user(f"of-many-{n}")} for n in range(51)]
    group = client.made("POST", "/Groups", {"schemas": [GROUP], "displayName": "of many"})["id"]
    drained(client)
    client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": people})


def _bulk(client: FeedClient) -> None:
    data = {"schemas": [USER], "userName": "in-bulk"}
    one = {"method": "POST", "path": "/Users", "bulkId": "a", "data": data}
    client.made("POST", "/Bulk", {"schemas": [BULK], "Operations": [one]})


def _job(client: FeedClient) -> None:
    data = {"schemas": [USER], "userName": "in-a-job"}
    one = {"method": "POST", "path": "/Users", "bulkId": "a", "data": data}
    body = {"schemas": [BULK], "Operations": [one]}
    asked = plain(client).send("POST", "/Bulk", body, {"Prefer": "respond-async"})
    assert asked.status == 202, asked.body
    job = ended(plain(client), "/Jobs/" + asked.headers["location"].rpartition("/")[2])
    assert job["status"] == "completed"


def _import(client: FeedClient) -> None:
    line = json.dumps({"id": "x", "schemas": [USER], "userName": "imported"}).encode()
    job, _ = imported(plain(client), line, format="ndjson")
    assert job["status"] == "completed"


def _nothing(client: FeedClient) -> None:
    id_ = client.user("the-same", title="x")
    drained(client)
    client.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "x"})
    body = {"schemas": [USER], "userName": "dry"}
    assert plain(client).send("POST", "/Users", body, {"Prefer": "dry-run"}).status == 200


def _definitions(client: FeedClient) -> None:
    asked = Client(client.gateway, "local-rfc-token").send("PUT", "/Definitions", BADGES)
    assert asked.status < 300, asked.body
    client.gateway.forget_verdicts()


def _membership(client: FeedClient) -> tuple[FeedClient, Client, str, str]:
    """Return a tenant that is served `/GroupMembers`, with a user and a group."""
    make_tenant(client.gateway, "memberships", profile="default+groupMembers")
    token = secret_of(client.gateway, "memberships", "*")
    member, other = FeedClient(client.gateway, "memberships", token), Client(client.gateway, token)
    person = member.user(f"person-{len(token)}-{next(NUMBERS)}")
    group = member.made("POST", "/Groups", {"schemas": [GROUP], "displayName": "of one"})["id"]
    drained(member)
    return member, other, person, group


def _joins(plain_client: Client, person: str, group: str) -> str:
    body = {"schemas": [MEMBERSHIP], "group": {"value": group}, "member": {"value": person}}
    answer = plain_client.send("POST", "/GroupMembers", body)
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def test_a_membership_made_and_ended_gives_events_of_its_group(client: FeedClient) -> None:
    assert "POST or DELETE of a `/GroupMembers` resource" in EVENTS.read_text("utf-8")
    member, plain_client, person, group = _membership(client)
    id_ = _joins(plain_client, person, group)
    assert _told(member) == [("Group", ["prov:patch:full"])]
    assert plain_client.send("DELETE", f"/GroupMembers/{id_}").status == 204
    assert _told(member) == [("Group", ["prov:patch:full"])]


def test_a_version_after_a_lost_one_is_reported_as_added_to_the_feed(
    client: FeedClient,
) -> None:
    assert "\n| a version whose predecessors the log lost" in EVENTS.read_text("utf-8")
    id_ = client.user("with-a-gap")
    drained(client)
    client.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "lost"})
    for _, reader in client.gateway.event_sources._readers:
        assert list(reader.batches())  # read, and nothing made of it: the stream has forgotten
    client.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "told"})
    assert _told(client) == [("User", ["feed:add", "prov:patch:notice"])]


def test_roles_given_by_a_group_are_in_events_of_the_group_alone(client: FeedClient) -> None:
    assert "\n| roles from groups that change" in EVENTS.read_text("utf-8")
    gateway = client.gateway
    make_tenant(gateway, "mapped")
    document = {"groups": [{"displayName": "Engineering", "roles": ["developer"]}]}
    administer(gateway, "PUT", "/tenants/mapped/mapping/draft", document=document)
    draft = administer(gateway, "GET", "/tenants/mapped/mapping")["draft"]
    asked = {"revision": draft["revision"]}
    administer(gateway, "POST", "/tenants/mapped/mapping/activate", **asked)
    mapped = FeedClient(gateway, "mapped", secret_of(gateway, "mapped", "*"))
    person = mapped.user("engineer")
    body = {"schemas": [GROUP], "displayName": "Engineering"}
    group = mapped.made("POST", "/Groups", body)["id"]
    drained(mapped)
    joined = {"op": "add", "path": "members", "value": [{"value": person}]}
    mapped.patch(f"/Groups/{group}", joined)
    assert mapped.made("GET", f"/Users/{person}")["roles"][0]["value"] == "developer"
    assert _told(mapped) == [PATCHED]


def _told(client: FeedClient) -> Told:
    return [
        (
            each["sub_id"]["uri"].split("/")[1].removesuffix("s"),
            sorted(uri.removeprefix(PREFIX) for uri in each["events"]),
        )
        for each in drained(client)
    ]


PATCHED: tuple[str, list[str]] = ("Group", ["prov:patch:full"])
CREATED: Told = [("User", ["prov:create:full"])]
ROWS: list[Any] = [
    ("POST of a resource", lambda client: client.user("posted"), CREATED),
    ("PATCH", _patched, [("User", ["prov:patch:full"])]),
    ("PUT", _put, [("User", ["prov:patch:full", "prov:put:notice"])]),
    ("`active` becomes", _activated, [("User", ["prov:activate", "prov:patch:full"])]),
    ("`active` becomes", _active_left_out, [("User", ["prov:patch:full"])]),
    ("DELETE", _deleted, [("User", ["prov:delete"])]),
    ("DELETE of a member", _member_deleted(2), [PATCHED, PATCHED, ("User", ["prov:delete"])]),
    pytest.param(
        "DELETE of a member",
        _member_deleted(LINKS_LEFT_TO_THE_SWEEP),
        [*[PATCHED] * LINKS_LEFT_TO_THE_SWEEP, ("User", ["prov:delete"])],
        marks=pytest.mark.long,
    ),
    (
        "DELETE of a resource that others refer to",
        _referred_to,
        [("Badge", ["prov:delete"]), ("User", ["prov:delete"])],
    ),
    pytest.param(
        "more than 50 values",
        _many,
        [("Group", ["prov:patch:notice"])],
        marks=pytest.mark.long,
    ),
    ("an operation of `/Bulk`", _bulk, CREATED),
    ("an operation of `/Bulk`", _job, [*CREATED, ("User", ["misc:asyncresp"])]),
    ("an operation of `/Bulk`", _import, CREATED),
    ("a change that changes nothing", _nothing, []),
    ("a change that changes nothing", _definitions, []),
]
NAMES = [
    *(
        "post",
        "patch",
        "put",
        "activate",
        "leave active out",
        "delete",
        "delete of a member",
        "sweep",
        "cascade",
    ),
    *("many members", "bulk", "job", "import", "nothing", "definitions"),
]


ELSEWHERE = {
    "restoring a deleted resource": "tests/gateway/jobs/test_restore.py",
    "an operation of `/Bulk` with `Prefer: respond-async`": "tests/gateway/feed/test_answers.py",
    "a version whose predecessors": "in this module",
    "roles from groups": "in this module",
}
"""Rows of the table that have a test of their own."""


def test_every_row_of_the_table_has_a_test() -> None:
    text = EVENTS.read_text("utf-8")
    table = text[text.index("| write | its events |") :].split("\n\n")[0]
    rows = [line.removeprefix("| ") for line in table.splitlines()[2:]]
    named = [each.values[0] if hasattr(each, "values") else each[0] for each in ROWS]
    without = [
        row for row in rows if not any(row.startswith(each) for each in (*named, *ELSEWHERE))
    ]
    assert (len(rows) > 10, without) == (True, [])
    root = EVENTS.parents[1]
    assert all((root / path).exists() for path in ELSEWHERE.values() if "/" in path)


@pytest.mark.parametrize(("row", "act", "expected"), ROWS, ids=NAMES)
@pytest.mark.sampled(3)
def test_each_way_to_write_gives_its_events(
    client: FeedClient, row: str, act: Callable[[FeedClient], Any], expected: Told
) -> None:
    assert f"\n| {row}" in EVENTS.read_text("utf-8")
    act(client)
    assert sorted(_told(client)) == sorted(expected)
