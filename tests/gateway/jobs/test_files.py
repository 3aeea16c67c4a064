"""Files as other programs write them, through the whole service: nothing is lost without a message."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from local.gateway import Gateway
from scim.schema.message_uri import BULK_REQUEST_URN
from scim_cli.transfer.mapping import mapping_in
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import GROUP, PATCH, USER, Client
from tests.gateway.transfer import at_rest, declared, exported, imported
from tests.sampled import sampled_pairs

FILES = Path(__file__).parents[2] / "files"
MEMBERS = {"name", "file", "mapping", "options", "profile", "expect", "check"}
CASES = [json.loads(line) for line in (FILES / "cases.jsonl").read_text().splitlines()]


def client_of(gateway: Gateway, tenant: str, profile: str = "") -> Client:
    with at_rest(Client(gateway)):
        make_tenant(gateway, tenant, profile=profile)
        return Client(gateway, secret_of(gateway, tenant, "*"))


def at(value: Any, path: str) -> Any:
    """Return what stands at a path like $.Resources[0].title, None without it."""
    for step in path.removeprefix("$.").replace("[", ".").replace("]", "").split("."):
        try:
            value = value[int(step)] if step.isdigit() else value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def test_every_case_has_the_members_that_are_read() -> None:
    assert [case.get("name", case) for case in CASES if case.keys() != MEMBERS] == []


@pytest.mark.parametrize("case", CASES, ids=[str(case.get("name")) for case in CASES])
@pytest.mark.sampled(8)
def test_a_file_of_real_people_is_taken(gateway: Gateway, case: dict[str, Any]) -> None:
    profile = "" if case["profile"] == "default" else case["profile"]
    client = client_of(gateway, f"files-{case['name'].replace('_', '-')}", profile)
    mapping = mapping_in(FILES / case["mapping"])
    members = {"format": "csv", "mapping": mapping}
    if "refused" in case["expect"]:
        answer = declared(client, kind="import", **members)
        assert answer.status == case["expect"]["refused"]
        assert "columns." in answer.body["detail"]
        return
    if case["options"]:
        members["existing"] = "update"
        emails = [
            {"value": "w@b.example", "type": "work", "primary": True},
            {"value": "h@b.example", "type": "home"},
        ]
        user = {"schemas": [USER], "userName": "de1.run@b.example", "emails": emails}
        assert client.send("POST", "/Users", user).status == 201
    job, entries = imported(client, (FILES / case["file"]).read_bytes(), **members)
    assert job["status"] == case["expect"]["status"]
    counts = {name: n for name, n in case["expect"].items() if isinstance(n, int)}
    if counts:
        assert Counter(each["effect"] for each in entries) == counts
    for filter_, path, kind, expected in case["check"]:
        found = at(client.send("GET", f"/Users?filter={quote(filter_)}").body, path)
        if kind == "len":
            assert len(found) == expected
        elif kind == "ne":
            assert found != expected
        else:
            assert found == (None if kind == "absent" else expected)


MEMBERSHIPS = {
    "with the name on every row": "group,login\nstaff,{0}\nstaff,{1}\nsales,{0}\n",
    "with the name once": "group,login\nstaff,{0}\n,{1}\nsales,{0}\n",
    "with the name in front": "group,login\nstaff,\n,{0}\n,{1}\nsales,{0}\n",
    "in one cell": "group,login\nstaff,{0};{1}\nsales,{0}\n",
}


@pytest.mark.parametrize(
    ("written", "existing"), sampled_pairs(MEMBERSHIPS, ["refuse", "update"], 3)
)
@pytest.mark.sampled(3)
def test_rows_of_one_group_add_up(gateway: Gateway, written: str, existing: str) -> None:
    client = client_of(gateway, "memberships")
    for group in client.send("GET", "/Groups").body["Resources"]:
        client.send("DELETE", f"/Groups/{group['id']}")
    known = client.send("GET", "/Users").body["Resources"]
    ann, bob = [each["id"] for each in known] or [client.user(n)["id"] for n in ("ann", "bob")]
    mapping = {"resourceType": "Group", "columns": {"group": "displayName", "login": "members"}}
    members = {"format": "csv", "mapping": mapping, "existing": existing}
    job, entries = imported(client, MEMBERSHIPS[written].format(ann, bob).encode(), **members)
    assert job["operations"]["failed"] == 0, entries
    groups = {
        group["displayName"]: {each["value"] for each in group["members"]}
        for group in client.send("GET", "/Groups").body["Resources"]
    }
    assert groups == {"staff": {ann, bob}, "sales": {ann}}


def test_a_second_row_about_one_resource_is_refused(gateway: Gateway) -> None:
    client = client_of(gateway, "twins")
    mapping = {"resourceType": "User", "columns": {"login": "userName", "job": "title"}}
    content = b"login,job\nann,A\nbob,B\nANN,C\n"
    for is_dry in (True, False):
        _, entries = imported(
            client, content, format="csv", mapping=mapping, existing="update", dryRun=is_dry
        )
        assert [each["effect"] for each in entries] == ["create", "create", "error"]
        assert entries[2]["response"]["detail"] == "Line 4: line 2 makes the same resource."


def test_refusals_of_lines_say_nothing_of_requests(gateway: Gateway) -> None:
    client = client_of(gateway, "wording")
    client.user("ann")
    columns = {"kind": "meta.resourceType", "id": "id", "name": "userName"}
    mapping = {"columns": {**columns, "group": "displayName", "in": "members"}}
    rows = [
        "kind,id,name,group,in",
        "User,u1,ann,,",
        "User,u2,bob,,",
        "User,u2,cy,,",
        "Group,,,g,u1",
    ]
    _, entries = imported(client, "\n".join(rows).encode(), format="csv", mapping=mapping)
    assert [(each["status"], each["response"]["detail"]) for each in entries] == [
        ("409", "The value of userName is already taken."),
        ("400", "Line 3: another line has the id u2 too."),
        ("400", "Line 4: another line has the id u2 too."),
        ("409", "u1 is referred to, but its line was refused."),
    ]


def test_references_to_unknown_users_are_reported_and_others_kept(gateway: Gateway) -> None:
    client = client_of(gateway, "nobody-there")
    ann = client.user("ann")["id"]
    group = {"schemas": [GROUP], "displayName": "g", "members": [{"value": ann}, {"value": "lost"}]}
    job, (entry,) = imported(client, json.dumps(group).encode(), format="ndjson")
    assert job["status"] == "completed"
    assert entry["effect"] == "create"
    assert entry["warning"] == "Line 1: refers to nobody: lost."
    (made,) = client.send("GET", "/Groups").body["Resources"]
    assert [each["value"] for each in made["members"]] == [ann]


def test_references_can_be_by_another_attribute(gateway: Gateway) -> None:
    client = client_of(gateway, "joined")
    chief = client.user("Chief@x")["id"]
    boss = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"
    mapping = {
        "resourceType": "User",
        "key": "userName",
        "columns": {"login": "userName", "boss": boss},
    }
    content = b"login,boss\nann,BOB\nbob,chief@X\ncy,nobody\n"
    _, entries = imported(client, content, format="csv", mapping=mapping)
    assert [each.get("warning") for each in entries] == [
        None, None, "Line 4: refers to nobody: nobody.",
    ]  # fmt: skip
    users = {each["userName"]: each for each in client.send("GET", "/Users").body["Resources"]}
    extension = boss.rpartition(":")[0]
    assert users["ann"][extension]["manager"]["value"] == users["bob"]["id"]
    assert users["bob"][extension]["manager"]["value"] == chief


def test_an_export_of_groups_alone_keeps_ids(gateway: Gateway) -> None:
    client = client_of(gateway, "groups-alone")
    ann = client.user("ann")["id"]
    client.group("staff", ann)
    content = exported(client, format="bulk", resourceTypes=["Group"])
    (operation,) = json.loads(content)["Operations"]
    assert [each["value"] for each in operation["data"]["members"]] == [ann]


def test_a_line_with_a_type_needs_no_schemas(gateway: Gateway) -> None:
    client = client_of(gateway, "strict", "interop-strict")
    line = {"meta": {"resourceType": "User"}, "userName": "ann"}
    _, entries = imported(client, json.dumps(line).encode(), format="ndjson")
    assert [each["effect"] for each in entries] == ["create"]


def memberships(names: list[str]) -> bytes:
    return ("group,login\n" + "".join(f"staff,{each}\n" for each in names)).encode()


def additions(names: list[str]) -> bytes:
    group = {
        "schemas": [GROUP],
        "id": "g",
        "displayName": "staff",
        "members": [{"value": names[0]}],
    }
    more = [
        {"id": "g", "meta": {"resourceType": "Group"}, "members": [{"value": each}]}
        for each in names[1:]
    ]
    # The line that creates the group need not be the first.
    return b"\n".join(json.dumps(each).encode() for each in (*more[:1], group, *more[1:]))


def requests(names: list[str]) -> bytes:
    """Return what an export in the format `bulk` has of a long group."""
    values = [{"value": each} for each in names]
    create = {
        "method": "POST",
        "path": "/Groups",
        "bulkId": "g",
        "data": {"schemas": [GROUP], "displayName": "staff", "members": values[:1]},
    }
    more = [
        {
            "method": "PATCH",
            "path": "/Groups/bulkId:g",
            "data": {
                "schemas": [PATCH],
                "Operations": [{"op": "add", "path": "members", "value": [each]}],
            },
        }
        for each in values[1:]
    ]
    return json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": [create, *more]}).encode()


@pytest.mark.parametrize("written", [memberships, additions, requests])
def test_an_update_of_a_group_over_several_lines_changes_what_differs(
    gateway: Gateway, written: Callable[[list[str]], bytes]
) -> None:
    client = client_of(gateway, f"lines-{written.__name__}")
    ids = [client.user(f"user{n}")["id"] for n in range(4)]
    mapping = {"resourceType": "Group", "columns": {"group": "displayName", "login": "members"}}
    told: dict[str, Any] = {"format": "bulk" if written is requests else "ndjson"}
    if written is memberships:
        told = {"format": "csv", "mapping": mapping}

    def again(*members: str) -> tuple[Counter[str], set[str], str]:
        content = written(list(members))
        _, foreseen = imported(client, content, existing="update", dryRun=True, **told)
        _, entries = imported(client, content, existing="update", **told)
        assert [each["effect"] for each in foreseen] == [each["effect"] for each in entries]
        (group,) = client.send("GET", "/Groups").body["Resources"]
        there = {each["value"] for each in group["members"]}
        return Counter(each["effect"] for each in entries), there, group["meta"]["version"]

    effects, there, version = again(*ids[:3], ids[0])
    assert (effects, there) == ({"create": 1, "unchanged": 3}, set(ids[:3]))
    assert again(*ids[:3]) == ({"unchanged": 3}, there, version)
    effects, there, _ = again(ids[3], *ids[1:3])
    assert (effects, there) == ({"update": 1, "unchanged": 2}, set(ids[1:]))


def test_a_line_is_warned_of_what_it_names_itself(gateway: Gateway) -> None:
    client = client_of(gateway, "own-warnings")
    client.user("Ann")
    mapping = {
        "resourceType": "Group",
        "key": "userName",
        "columns": {"group": "displayName", "login": "members"},
    }
    content = memberships(["ANN", "nobody", "No-One"])
    told = {"format": "csv", "mapping": mapping, "existing": "update"}
    created = ["create", *["unchanged"] * 2]
    for is_dry, effects in ((True, created), (False, created), (False, ["unchanged"] * 3)):
        _, entries = imported(client, content, **told, dryRun=is_dry)
        assert [(each["effect"], each.get("warning")) for each in entries] == [
            (effects[0], None),
            (effects[1], "Line 3: refers to nobody: nobody."),
            (effects[2], "Line 4: refers to nobody: No-One."),
        ]


def test_a_group_over_several_lines_keeps_its_members_if_one_of_them_is_refused(
    gateway: Gateway,
) -> None:
    client = client_of(gateway, "lines-refused")

    def again(active: object) -> tuple[list[str], int]:
        ann, bob = (
            {"schemas": [USER], "id": name, "userName": name, "active": each}
            for name, each in (("ann", True), ("bob", active))
        )
        lines = [json.dumps(each).encode() for each in (ann, bob)]
        content = b"\n".join([*lines, additions(["ann", "bob"])])
        _, entries = imported(client, content, format="ndjson", existing="update")
        (group,) = client.send("GET", "/Groups").body["Resources"]
        return [each["status"] for each in entries], len(group["members"])

    assert again(True) == (["201", "201", "200", "201"], 2)
    assert again("perhaps") == (["200", "400", "409", "409"], 2)


def test_a_reference_in_any_spelling_leads_to_a_resource_of_the_file(gateway: Gateway) -> None:
    client = client_of(gateway, "files-spellings")
    spellings: list[Any] = [
        ["p1"],
        7,
        [{"VALUE": "p1"}],
        [{"$ref": "https://old.example/Users/p1"}],
        '[{"value":"p1"}]',
        [{"value": '{"value":"p1"}'}],
    ]
    groups = [
        {"meta": {"resourceType": "Group"}, "displayName": f"g{n}", "members": members}
        for n, members in enumerate(spellings)
    ]
    below = {"Meta": {"ResourceType": "Group"}, GROUP: {"displayName": "g6", "members": ["p1"]}}
    people = [
        {"id": "p1", "schemas": USER, "userName": "p1", "manager": 7},
        {"id": 7, "schemas": [USER], "userName": "p7"},
    ]
    lines = [json.dumps(line).encode() for line in (*groups, below, *people)]
    _, entries = imported(client, b"\n".join(lines), format="ndjson")
    assert Counter(each["effect"] for each in entries) == {"create": 9}
    assert [each for each in entries if "warning" in each] == []
    found = client.send("GET", "/Groups?attributes=members").body["Resources"]
    assert Counter(member["display"] for group in found for member in group["members"]) == {
        "p1": 6,
        "p7": 1,
    }
    boss = client.send("GET", "/Users?filter=userName%20eq%20%22p7%22").body["Resources"][0]
    filter_ = f'manager eq "{boss["id"]}"'
    led = client.send("GET", f"/Users?filter={quote(filter_)}").body
    assert [user["userName"] for user in led["Resources"]] == ["p1"]
