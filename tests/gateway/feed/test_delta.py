"""Delta queries through the gateway: the changes since a token, each once."""

import json
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.streams.delivery import deliver
from local.streams.shards import Reader, TableStream
from local.streams.source import sources_of
from scim.access.token import StoredToken, hash_of
from scim.bootstrap.access import access_in
from tests.gateway.client import GROUP
from tests.gateway.feed.feed_client import REQUEST, FeedClient, without_log

RESPONSE = "urn:ietf:params:scim:api:messages:2.0:delta:response"


def test_each_changed_resource_comes_once_in_its_present_state(client: FeedClient) -> None:
    old, gone = client.user("old"), client.user("gone")
    token = client.token()
    new = client.user("new")
    for title in ("first", "second"):
        client.patch(f"/Users/{old}", {"op": "replace", "path": "title", "value": title})
    client.made("DELETE", f"/Users/{gone}")
    page = client.delta(token)
    told = {each["changedResourceId"]: each for each in page["Resources"]}
    kinds = {id_: each["changeType"] for id_, each in told.items()}
    assert kinds == {old: "Update", new: "Create", gone: "Delete"}
    assert len(page["Resources"]) == page["totalResults"] == 3
    assert told[old]["data"]["title"] == "second"
    assert told[new]["schemas"] == [RESPONSE]
    assert told[new]["data"]["userName"] == "new"
    assert "data" not in told[gone]
    assert client.changes(page["nextDeltaToken"]["value"]) == []


def test_a_vendor_reads_changed_resources_in_the_form_that_it_reads_any(gateway: Gateway) -> None:
    client = FeedClient(gateway, "forsta")
    group_token, token = client.token("/Groups"), client.token("")
    expanded = "urn:ietf:params:scim:schemas:expanded:2.0:User"
    user = {"emails": [{"value": "delta@forsta.test"}], expanded: {"languageId": 9}}
    id_ = client.made("POST", "/Users", user)["id"]
    group_id = client.made("POST", "/Groups", {"displayName": "delta"})["id"]
    # The list of groups is a bare array; a page of changes has to name the next token.
    page = client.delta(group_token, "/Groups")
    (change,) = page["resources"]
    assert change["schemas"] == [RESPONSE]
    assert change["data"] == client.made("GET", f"/Groups/{group_id}")
    assert client.delta(page["nextDeltaToken"]["value"], "/Groups")["resources"] == []
    changes = client.delta(token, "")["resources"]
    resources = {change["resourceType"]: change["data"] for change in changes}
    assert resources["User"] == client.made("GET", f"/Users/{id_}")
    assert resources["User"]["id"] == id_
    assert isinstance(id_, int)


def test_a_token_from_before_all_entries_expired_misses_nothing(client: FeedClient) -> None:
    for number in range(8):
        client.user(f"expired-{number}")
    token = client.token()
    without_log(client.gateway)
    new = [client.user(f"later-{number}") for number in range(8)]
    assert sorted(client.changes(token)) == sorted(("Create", id_) for id_ in new)


def test_a_deletion_is_reported_although_an_earlier_version_is_logged_after_it(
    gateway: Gateway, client: FeedClient
) -> None:
    gone, token = client.user("gone-late"), client.token()
    (table,) = gateway.store.tables.values()
    reader = Reader(TableStream(table), is_from_latest=True)
    client.patch(f"/Users/{gone}", {"op": "replace", "path": "title", "value": "last"})
    client.made("DELETE", f"/Users/{gone}")
    log = next(each for each in sources_of(gateway.template) if "ChangeLog" in each.function)
    records = [each for some in reader.batches() for each in some if log.wants(each)]
    for record in reversed(records):
        assert deliver(log, [record], gateway.invoke, lambda *_: None) == 1
    page = client.delta(token)
    told = [(each["changeType"], each["changedResourceId"]) for each in page["Resources"]]
    assert told == [("Delete", gone)]
    assert client.changes(page["nextDeltaToken"]["value"]) == []


def test_pages_together_are_everything_and_only_the_last_has_a_token(client: FeedClient) -> None:
    token = client.token()
    made = {client.user(f"paged{n}") for n in range(7)}
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.delta(token, count=2, **cursor)
        found += [each["changedResourceId"] for each in page["Resources"]]
        assert ("nextCursor" in page) != ("nextDeltaToken" in page)
        if "nextDeltaToken" in page:
            break
        cursor = {"cursor": page["nextCursor"]}
        client.user(f"meanwhile{len(found)}-{page['nextCursor'][:8]}")
    assert sorted(found) == sorted(made)


def test_a_filter_and_a_projection_are_respected(client: FeedClient) -> None:
    token = client.token()
    boss, _ = client.user("boss", title="Boss"), client.user("clerk", title="Clerk")
    page = client.delta(token, filter='title eq "Boss"', attributes=["userName"])
    (only,) = page["Resources"]
    assert only["changedResourceId"] == boss
    assert only["data"].keys() - {"schemas", "id", "meta"} == {"userName"}


def test_a_filter_leaves_out_a_group_that_is_deleted(client: FeedClient) -> None:
    token = client.token()
    ann = client.user("in-no-group-any-more")
    body = {"schemas": [GROUP], "displayName": "gone", "members": [{"value": ann}]}
    group = client.made("POST", "/Groups", body)["id"]
    in_group = [f'groups.value eq "{group}"', "groups pr"]
    assert [len(client.changes(token, filter=each)) for each in in_group] == [1, 1]
    client.made("DELETE", f"/Groups/{group}")
    assert [client.changes(token, filter=each) for each in in_group] == [[], []]


def test_members_that_come_and_go_are_changes_of_their_group(client: FeedClient) -> None:
    ann, bob = client.user("m-ann"), client.user("m-bob")
    group = client.made("POST", "/Groups", {"schemas": [GROUP], "displayName": "crew"})["id"]
    token = client.token("/Groups")
    client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": ann}]})
    client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": bob}]})
    client.made("DELETE", f"/Users/{ann}")
    (only,) = client.delta(token, "/Groups")["Resources"]
    assert [each["value"] for each in only["data"]["members"]] == [bob]
    assert client.changes(token, "") == [("Update", group), ("Delete", ann)] or client.changes(
        token, ""
    ) == [("Delete", ann), ("Update", group)]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"schemas": [REQUEST], "deltaToken": "made-up"}, "deltaToken"),
        ({"schemas": [REQUEST]}, "deltaToken"),
        ({"schemas": ["urn:x"], "deltaToken": "x"}, "schemas"),
        ({"schemas": [REQUEST], "deltaToken": "x", "sortBy": "userName"}, "sortBy"),
        ({"schemas": [REQUEST], "deltaToken": "x", "count": 0}, "count must be at least 1"),
        ({"schemas": [REQUEST], "deltaToken": "x", "count": -3}, "count must be at least 1"),
    ],
)
def test_a_bad_request_is_refused_with_what_was_expected(
    client: FeedClient, body: Any, wrong: str
) -> None:
    status, answer = client.ask("POST", "/Users/.delta", body)
    assert status == 400
    assert wrong in answer["detail"]


def test_a_delta_token_of_another_tenant_is_refused(gateway: Gateway, client: FeedClient) -> None:
    other = FeedClient(gateway, "okta")
    body = {"schemas": [REQUEST], "deltaToken": client.token()}
    assert other.ask("POST", "/Users/.delta", body)[0] == 400


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", "/Users/.deltaToken", "GET"), ("GET", "/Users/.delta", "POST")],
)
def test_other_methods_are_not_served(
    client: FeedClient, method: str, path: str, allowed: str
) -> None:
    assert client.ask(method, path)[0] == 405


def test_a_token_with_filters_sees_what_enters_and_leaves_its_part(
    gateway: Gateway, client: FeedClient
) -> None:
    (table,) = gateway.store.tables.values()
    sales = StoredToken(
        token_id="sales",
        tenant="rfc",
        scopes=("*",),
        subject=None,
        label="",
        created_at="2026-01-01T00:00:00.000Z",
        expires_at="9999-12-31T00:00:00.000Z",
        filters=json.dumps({"User": 'title eq "Sales"'}),
    )
    access_in(boto3.client("dynamodb"), table).tokens.save(hash_of("sales-token-" * 4), sales)
    seer = FeedClient(gateway, "rfc", "sales-token-" * 4)
    leaver, dead = client.user("leaver", title="Sales"), client.user("dead", title="Sales")
    never, joiner = client.user("never", title="IT"), client.user("joiner", title="IT")
    token = seer.token()
    client.patch(f"/Users/{leaver}", {"op": "replace", "path": "title", "value": "IT"})
    client.patch(f"/Users/{leaver}", {"op": "replace", "path": "nickName", "value": "left"})
    client.patch(f"/Users/{never}", {"op": "replace", "path": "nickName", "value": "unseen"})
    client.patch(f"/Users/{joiner}", {"op": "replace", "path": "title", "value": "Sales"})
    client.made("DELETE", f"/Users/{dead}")
    client.made("DELETE", f"/Users/{never}")
    assert dict(reversed(pair) for pair in seer.changes(token)) == {  # type: ignore[misc]
        leaver: "Delete",
        joiner: "Update",
        dead: "Delete",
    }
    body = {"schemas": [REQUEST], "deltaToken": token}
    assert client.ask("POST", "/Users/.delta", body)[0] == 400
