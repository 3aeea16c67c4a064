"""Deleted resources of a profile that keeps them: gone for every client, and restored on request."""

from pathlib import Path

import jwt
import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client
from tests.gateway.transfer import at_rest
from tests.gateway.undo import bulk_job, nothing_undone, refused, state, undone

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
DELTA = "urn:ietf:params:scim:api:messages:2.0:delta:request"
EVENTS = Path(__file__).parents[3] / "docs" / "events.md"
PROV = "urn:ietf:params:scim:event:prov:"


def keeping(gateway: Gateway, tenant: str) -> Client:
    with at_rest(Client(gateway)):
        make_tenant(gateway, tenant, profile="default+keepsDeleted")
        return Client(gateway, secret_of(gateway, tenant, "*"))


def delete(client: Client, *paths: str) -> None:
    for path in paths:
        assert client.send("DELETE", path).status == 204


def members(client: Client, id_: str) -> set[str]:
    return {each["value"] for each in client.send("GET", f"/Groups/{id_}").body.get("members", ())}


def listed(client: Client, filter_: str) -> int:
    answer = client.send("POST", "/.search", {"schemas": [SEARCH], "filter": filter_})
    assert answer.status == 200, answer.body
    return int(answer.body["totalResults"])


def test_a_deleted_user_is_gone_and_is_restored_with_id_and_memberships(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-one")
    kim = client.user("kim", externalId="k1", title="Dr")
    lee = client.user("lee")["id"]
    team = client.group("team", kim["id"], lee)["id"]
    path = f"/Users/{kim['id']}"
    before = client.send("GET", path).body
    delete(client, path)
    assert client.send("GET", path).status == 404
    assert client.send("DELETE", path).status == 404
    assert client.patch(path, {"op": "replace", "path": "title", "value": "x"}).status == 404
    assert (listed(client, 'userName eq "kim"'), listed(client, 'externalId eq "k1"')) == (0, 0)
    assert client.send("GET", "/Users").body["totalResults"] == 1
    assert members(client, team) == {lee}
    job, (entry,) = undone(client, deleted=f"Users/{kim['id']}")
    assert (job["undoes"], entry["status"]) == ({"deleted": f"Users/{kim['id']}"}, "201")
    after = client.send("GET", path).body
    assert after["groups"] == before["groups"]
    gone = {"meta"}
    assert {n: v for n, v in after.items() if n not in gone} == {
        n: v for n, v in before.items() if n not in gone
    }
    assert after["meta"]["created"] == before["meta"]["created"]
    assert after["meta"]["version"].startswith('W/"3')
    assert members(client, team) == {kim["id"], lee}
    assert listed(client, 'userName eq "kim"') == 1
    assert client.send("GET", "/Users").body["totalResults"] == 2


@pytest.mark.long
def test_a_deleted_group_is_restored_with_its_members_and_what_it_was_in(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-group")
    people = [client.user(f"person{n}")["id"] for n in range(60)]
    inner = client.group("inner", people[0])["id"]
    team = client.group("team", *people, inner)["id"]
    outer = client.group("outer", team)["id"]
    before = state(client)
    delete(client, f"/Groups/{team}", f"/Users/{people[7]}")
    assert members(client, outer) == set()
    undone(client, deleted=f"Groups/{team}")
    assert members(client, team) == {*people, inner} - {people[7]}
    assert members(client, outer) == {team}
    # Who was deleted after the group is in it again as well: the second of both finds the first.
    undone(client, deleted=f"Users/{people[7]}")
    assert state(client) == before


@pytest.mark.long
def test_an_undo_brings_back_people_and_groups_as_they_were(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-undo")
    people = [client.user(f"person{n}", title="Dr")["id"] for n in range(12)]
    inner = client.group("inner", *people[:3])["id"]
    teams = [client.group(f"team{n}", inner, *people[n:8])["id"] for n in range(4)]
    before = state(client)
    gone = [f"/Groups/{teams[0]}", *(f"/Users/{each}" for each in people[:6]), f"/Groups/{inner}"]
    job = bulk_job(client, *({"method": "DELETE", "path": path} for path in gone))
    assert members(client, teams[1]) == set(people[6:8])
    _, rehearsed = undone(client, dry=True, transaction=job)
    assert refused(rehearsed) == []
    _, entries = undone(client, transaction=job)
    assert refused(entries) == []
    assert state(client) == before


def test_a_user_whose_name_is_taken_by_now_is_not_restored(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-name")
    kim = client.user("kim")["id"]
    delete(client, f"/Users/{kim}")
    other = client.user("Kim")["id"]
    job, (entry,) = undone(client, deleted=f"/Users/{kim}")
    assert (job["operations"]["failed"], entry["status"]) == (1, "409")
    assert client.send("GET", f"/Users/{kim}").status == 404
    delete(client, f"/Users/{other}")
    _, (entry,) = undone(client, deleted=f"/Users/{kim}")
    assert entry["status"] == "201"


@pytest.mark.long
def test_a_restored_user_can_be_deleted_and_restored_again(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-twice")
    kim = client.user("kim")["id"]
    team = client.group("team", kim)["id"]
    for _ in range(2):
        delete(client, f"/Users/{kim}")
        assert members(client, team) == set()
        undone(client, deleted=f"Users/{kim}")
        assert members(client, team) == {kim}


@pytest.mark.parametrize("path", ["Users/nobody", "Nothing/x", "Users", "Users/a b"])
@pytest.mark.sampled(4)
def test_a_resource_that_never_existed_cannot_be_restored(gateway: Gateway, path: str) -> None:
    client = keeping(gateway, "kept-never")
    assert "There is no copy" in nothing_undone(client, deleted=path)


def test_neither_a_live_resource_nor_one_deleted_for_good_can_be_restored(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-alive")
    kim = client.user("kim")["id"]
    assert "it exists" in nothing_undone(client, deleted=f"Users/{kim}")
    plain = Client(gateway)
    lee = plain.user("lee-for-good")["id"]
    delete(plain, f"/Users/{lee}")
    assert "There is no copy" in nothing_undone(plain, deleted=f"Users/{lee}")


def test_a_delta_query_and_events_show_a_deletion_and_a_restoration(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-told")
    kim = client.user("kim", active=True)["id"]
    team = client.group("team", kim)["id"]
    gateway.event_sources.pump()
    client.send("POST", "/Events", {})  # who polls first begins with what happens then
    gateway.event_sources.pump()
    token = client.send("GET", "/.deltaToken").body["value"]
    delete(client, f"/Users/{kim}")
    gateway.event_sources.pump()
    asked = {"schemas": [DELTA], "deltaToken": token}
    first = client.send("POST", "/.delta", asked).body
    kinds = {each["changedResourceId"]: each["changeType"] for each in first["Resources"]}
    assert kinds == {kim: "Delete", team: "Update"}
    undone(client, deleted=f"Users/{kim}")
    gateway.event_sources.pump()
    asked = {"schemas": [DELTA], "deltaToken": first["nextDeltaToken"]["value"]}
    second = client.send("POST", "/.delta", asked).body
    kinds = {each["changedResourceId"]: each["changeType"] for each in second["Resources"]}
    assert kinds == {kim: "Create", team: "Update"}
    whole = {each["changedResourceId"]: each["data"] for each in second["Resources"]}
    assert [each["value"] for each in whole[team]["members"]] == [kim]
    sets = client.send("POST", "/Events", {}).body["sets"].values()
    told = [jwt.decode(each, options={"verify_signature": False}) for each in sets]
    about = [
        sorted(uri.removeprefix(PROV) for uri in each["events"])
        for each in told
        if each["sub_id"]["uri"] == f"/Users/{kim}"
    ]
    assert about == [["delete"], ["create:full"]]
    assert "\n| restoring a deleted resource" in EVENTS.read_text("utf-8")


@pytest.mark.long
def test_the_audit_says_who_restored_it(gateway: Gateway) -> None:
    client = keeping(gateway, "kept-audit")
    kim = client.user("kim")["id"]
    delete(client, f"/Users/{kim}")
    job, _ = undone(client, deleted=f"Users/{kim}")
    gateway.event_sources.pump()
    (entry, *_) = client.send("GET", "/Audit").body["Resources"]
    assert (entry["operation"], entry["transaction"]) == ("create", job["id"])
