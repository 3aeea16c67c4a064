"""The writes of a job or a token are undone except for what others have changed since."""

from typing import Any

import pytest

from local.gateway import Gateway
from scim.profile.shipped import names
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, USER, Answered, Client
from tests.gateway.transfer import (
    at_rest,
    client_of,
    declared,
    directory,
    ended,
    imported,
)
from tests.gateway.undo import bulk_job, nothing_undone, refused, state, undone

NAMES = {"formatted": "Kim", "givenName": "Kim", "familyName": "Old", "middleName": "M"}


def patching(path: str, *operations: dict[str, Any]) -> dict[str, Any]:
    data = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": list(operations),
    }
    return {"method": "PATCH", "path": path, "data": data}


def patched(client: Client, path: str, *operations: dict[str, Any]) -> Answered:
    answer = client.send("PATCH", path, patching(path, *operations)["data"])
    assert answer.status < 300, answer.body
    return answer


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("people", "groups"), [(14, 2), pytest.param(1000, 50, marks=pytest.mark.long)]
)
def test_an_import_undone_leaves_what_was_there_before(
    gateway: Gateway, people: int, groups: int
) -> None:
    client = client_of(gateway, f"import-{people}")
    kim = client.user("kim", name=NAMES)["id"]
    client.group("before", kim)
    before = state(client)
    job, _ = imported(client, directory(people, groups), format="ndjson")
    assert (job["operations"]["done"], job["operations"]["failed"]) == (people + groups, 0)
    told, entries = undone(client, transaction=job["id"])
    assert (told["operations"]["done"], refused(entries)) == (people + groups, [])
    assert state(client) == before


def test_an_undo_waits_until_the_log_has_the_last_write(gateway: Gateway) -> None:
    client = client_of(gateway, "behind")
    kim = client.user("kim")["id"]
    gateway.event_sources.pump()
    # The log has that, and not yet what the same token did last.
    group = client.group("late", kim)["id"]
    span = {"since": "2026-01-01T00:00:00Z", "until": "2999-01-01T00:00:00Z"}
    path = f"/Jobs/{declared(client, kind='undo', undoes={'token': 't0', **span}).body['id']}"
    while "error" not in (waiting := client.send("GET", path).body):
        assert waiting["status"] in ("pending", "running")
    assert "not caught up" in waiting["error"]
    assert client.send("GET", f"/Users/{kim}").status == 200
    gateway.event_sources.pump()
    told = ended(client, path)
    assert (told["status"], told.get("error"), told["operations"]["failed"]) == (
        "completed",
        None,
        0,
    )
    for each in (f"/Users/{kim}", f"/Groups/{group}"):
        assert client.send("GET", each).status == 404


@pytest.mark.long
def test_an_undo_that_the_log_does_not_reach_fails_and_can_be_repeated(
    gateway: Gateway,
) -> None:
    client = client_of(gateway, "behind-long")
    before = state(client)
    job, _ = imported(client, directory(14, 2), format="ndjson")
    after = state(client)
    path = f"/Jobs/{declared(client, kind='undo', undoes={'transaction': job['id']}).body['id']}"
    told = ended(client, path)
    assert told["status"] == "failed"
    assert "not caught up" in told["error"]
    assert state(client) == after
    gateway.event_sources.pump()
    assert client.send("POST", f"{path}/Start").status == 202
    assert (ended(client, path)["status"], state(client)) == ("completed", before)


@pytest.mark.long
def test_a_dry_run_of_an_undo_stores_nothing(gateway: Gateway) -> None:
    client = client_of(gateway, "rehearsed")
    job, _ = imported(client, directory(14, 2), format="ndjson")
    before = state(client)
    told, entries = undone(client, transaction=job["id"], dry=True)
    assert (told["operations"]["done"], told["dryRun"], refused(entries)) == (16, True, [])
    assert {each["effect"] for each in entries} == {"delete"}
    assert state(client) == before


@pytest.mark.long
def test_changes_are_undone_to_the_last_sub_attribute_and_member(gateway: Gateway) -> None:
    client = client_of(gateway, "changes")
    emails = [{"value": "kim@example.com", "type": "work"}]
    work = {"department": "D1", "costCenter": "C1"}
    more = {"schemas": [USER, ENTERPRISE], "emails": emails, ENTERPRISE: work}
    kim = client.user("kim", name=NAMES, **more)["id"]
    ann, bob = client.user("ann")["id"], client.user("bob")["id"]
    crowd = [{"value": client.user(f"crowd{n}")["id"]} for n in range(60)]
    group = client.group("team", kim, ann)["id"]
    before = state(client)
    job = bulk_job(
        client,
        patching(
            f"/Users/{kim}",
            {"op": "replace", "path": "name", "value": {"familyName": "New", "middleName": None}},
            {"op": "add", "path": "title", "value": "Boss"},
            {"op": "add", "path": "emails", "value": [{"value": "k@example.com", "type": "home"}]},
            {"op": "remove", "path": f"{ENTERPRISE}:costCenter"},
            {"op": "add", "path": f"{ENTERPRISE}:division", "value": "X"},
        ),
        patching(f"/Users/{kim}", {"op": "replace", "path": "active", "value": False}),
        patching(
            f"/Groups/{group}",
            {"op": "replace", "path": "displayName", "value": "crew"},
            {"op": "add", "path": "members", "value": [{"value": bob}]},
            {"op": "remove", "path": f'members[value eq "{ann}"]'},
        ),
        patching(f"/Groups/{group}", {"op": "add", "path": "members", "value": crowd}),
        {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": "extra"}},
    )
    assert state(client) != before
    told, entries = undone(client, transaction=job)
    assert refused(entries) == []
    assert told["undoes"] == {"transaction": job}
    assert state(client) == before


@pytest.mark.parametrize("number", [2, pytest.param(3, marks=pytest.mark.long)])
def test_names_that_were_exchanged_are_exchanged_back(gateway: Gateway, number: int) -> None:
    client = client_of(gateway, f"exchanged{number}")
    names = ["ann", "bob", "eve"][:number]
    ids = [client.user(name, title=f"Dr {name}")["id"] for name in names]
    before = state(client)

    def called(id_: str, name: str) -> dict[str, Any]:
        changes = [
            {"op": "replace", "path": "userName", "value": name},
            {"op": "replace", "path": "title", "value": f"Ms {name}"},
        ]
        return patching(f"/Users/{id_}", *changes)

    renamed = [called(id_, name) for id_, name in zip(ids[1:], names, strict=False)]
    job = bulk_job(client, called(ids[0], "third"), *renamed, called(ids[0], names[-1]))
    for is_dry in (True, False):
        _, entries = undone(client, transaction=job, dry=is_dry)
        assert ([each["status"] for each in entries], refused(entries)) == (
            ["200"] * (number + 1),
            [],
        )
    assert state(client) == before


def test_changes_made_since_are_kept_and_reported(gateway: Gateway) -> None:
    client = client_of(gateway, "since")
    kim = client.user("kim", displayName="Kim", title="Clerk")["id"]
    group, ann = client.group("team")["id"], client.user("ann")["id"]
    job = bulk_job(
        client,
        patching(f"/Users/{kim}", {"op": "replace", "path": "displayName", "value": "K."}),
        patching(f"/Users/{kim}", {"op": "replace", "path": "title", "value": "Boss"}),
        patching(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": ann}]}),
        {"method": "POST", "path": "/Users", "bulkId": "n", "data": {"userName": "new"}},
        {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"userName": "used"}},
    )
    patched(client, f"/Users/{kim}", {"op": "replace", "path": "title", "value": "Chief"})
    (used,) = client.send("GET", "/Users?filter=userName%20eq%20%22used%22").body["Resources"]
    patched(client, f"/Users/{used['id']}", {"op": "add", "path": "title", "value": "Mine"})
    told, entries = undone(client, transaction=job)
    assert sorted(refused(entries)) == [("DELETE", "412"), ("PATCH", "412")]
    assert told["operations"]["failed"] == 2
    shown = client.send("GET", f"/Users/{kim}").body
    assert (shown["displayName"], shown["title"]) == ("Kim", "Chief")
    assert client.send("GET", f"/Users/{used['id']}").body["title"] == "Mine"
    assert client.send("GET", f"/Groups/{group}").body.get("members", []) == []
    assert client.send("GET", "/Users?filter=userName%20eq%20%22new%22").body["totalResults"] == 0


def test_only_the_writes_of_one_token_in_a_span_are_undone(gateway: Gateway) -> None:
    client = client_of(gateway, "span")
    kim = client.user("kim", title="Clerk")["id"]
    patched(client, f"/Users/{kim}", {"op": "replace", "path": "title", "value": "Boss"})
    span = {"since": "2020-01-01T00:00:00Z", "until": "2999-01-01T00:00:00+02:00"}
    assert "no such writes" in nothing_undone(client, token="another", **span)
    long_ago = {"since": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z"}
    token = "t0"  # the first of the tenant
    assert "no such writes" in nothing_undone(client, token=token, **long_ago)
    undone(client, token=token, **span)
    assert client.send("GET", f"/Users/{kim}").status == 404


@pytest.mark.long
def test_a_deleted_user_is_created_again_with_its_memberships(gateway: Gateway) -> None:
    client = client_of(gateway, "deleted")
    ann = client.user("ann", displayName="Ann")["id"]
    bob = client.user("bob", schemas=[USER, ENTERPRISE], **{ENTERPRISE: {"department": "D"}})["id"]
    group = client.group("team", ann, bob)["id"]
    job = bulk_job(client, {"method": "DELETE", "path": f"/Users/{bob}"})
    _, entries = undone(client, transaction=job)
    assert refused(entries) == []
    (again,) = client.send("GET", "/Users?filter=userName%20eq%20%22bob%22").body["Resources"]
    assert again[ENTERPRISE]["department"] == "D"
    members = client.send("GET", f"/Groups/{group}").body["members"]
    assert {each["value"] for each in members} == {ann, again["id"]}


@pytest.mark.parametrize(
    ("undoes", "said"),
    [
        (None, "undoes is missing"),
        ({}, "expected transaction, token with since and until, or deleted"),
        ({"token": "t"}, "expected transaction, token with since and until, or deleted"),
        (
            {"transaction": "x", "token": "t"},
            "expected transaction, token with since and until, or deleted",
        ),
        ({"token": "t", "since": "yesterday", "until": "2026-01-01T00:00:00Z"}, "since"),
        (
            {"token": "t", "since": "0001-01-01T00:00:00+14:00", "until": "2026-01-01T00:00:00Z"},
            "undoes.since: expected a time that exists in UTC",
        ),
        ({"transaction": "x", "since": 1}, "undoes"),
    ],
)
def test_an_undo_says_what_it_is_about(gateway: Gateway, undoes: Any, said: str) -> None:
    client = Client(gateway)
    members = {} if undoes is None else {"undoes": undoes}
    answer = declared(client, kind="undo", **members)
    assert (answer.status, said in answer.body["detail"]) == (400, True), answer.body


@pytest.mark.parametrize("profile", ["default", "default+keepsDeleted"])
def test_users_that_were_deleted_and_created_again_are_back(gateway: Gateway, profile: str) -> None:
    tenant = f"again-{profile[-4:].lower()}"
    client = client_of(gateway, tenant)
    with at_rest(client):
        make_tenant(gateway, tenant, profile=profile)
    kim, lee = (client.user(name, title="Dr")["id"] for name in ("kim", "lee"))
    team = client.group("team", kim)["id"]
    created = {"method": "POST", "path": "/Users", "bulkId": "new"}
    joined = {"op": "add", "path": "members", "value": [{"value": "bulkId:new"}]}
    job = bulk_job(
        client,
        patching(f"/Users/{kim}", {"op": "remove", "path": "title"}),
        {"method": "DELETE", "path": f"/Users/{kim}"},
        {**created, "data": {"schemas": [USER], "userName": "kim"}},
        patching(f"/Groups/{team}", joined),
        patching(f"/Users/{lee}", {"op": "replace", "path": "userName", "value": "sam"}),
    )
    for is_dry in (True, False):
        _, entries = undone(client, transaction=job, dry=is_dry)
        assert refused(entries) == []
    people = client.send("GET", "/Users").body["Resources"]
    assert {each["userName"]: each["title"] for each in people} == {"kim": "Dr", "lee": "Dr"}
    (member,) = client.send("GET", f"/Groups/{team}").body["members"]
    assert member["display"] == "kim"
    assert (member["value"] == kim) is profile.endswith("keepsDeleted")


# Users of forsta have no title, and their e-mail addresses are immutable; ipsie has tokens of its own only.
TITLED = sorted({*names(), "default"} - {"forsta", "ipsie"})


@pytest.mark.parametrize(
    "profile",
    [pytest.param(name, marks=[] if name == "nevisidm" else pytest.mark.long) for name in TITLED],
)
def test_changes_are_undone_whatever_methods_the_profile_has_in_bulk(
    gateway: Gateway, profile: str
) -> None:
    tenant = f"methods-{profile}"
    client = client_of(gateway, tenant)
    with at_rest(client):
        make_tenant(gateway, tenant, profile=profile)
        writer = Client(gateway, secret_of(gateway, tenant, "*"))
    emails = [{"value": "kim@example.com", "type": "work"}]
    path = f"/Users/{client.user('kim', name=NAMES, emails=emails, title='Dr')['id']}"
    before = state(client)
    patched(writer, path, {"op": "replace", "path": "name.givenName", "value": "Lee"})
    patched(writer, path, {"op": "remove", "path": "title"})
    patched(writer, path, {"op": "add", "path": "emails", "value": [{"value": "a@example.com"}]})
    span = {"since": "2026-01-01T00:00:00Z", "until": "2999-01-01T00:00:00Z"}
    _, entries = undone(client, token="t1", **span)
    assert [(each["method"], each["status"]) for each in entries] == [("PATCH", "200")]
    assert state(client) == before
