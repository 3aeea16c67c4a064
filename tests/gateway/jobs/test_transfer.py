"""A directory exported and imported through the whole service, as a client does it."""

import json
from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.client import BULK, ENTERPRISE, GROUP, USER, Client
from tests.gateway.transfer import (
    GROUPS,
    MAPPING,
    PEOPLE,
    client_of,
    declared,
    directory,
    ended,
    exported,
    ids_of,
    imported,
    in_terms_of,
    lines_in,
    result_of,
    started,
    uploaded,
)

LONG = pytest.mark.long


def filled(gateway: Gateway, tenant: str, number: int, groups_number: int) -> Client:
    client = client_of(gateway, tenant)
    content = directory(number, groups_number)
    job, entries = imported(client, content, format="ndjson")
    assert (job["status"], job["operations"]["failed"]) == ("completed", 0)
    assert {entry["effect"] for entry in entries} == {"create"}
    return client


@pytest.fixture(name="full", scope="module")
def _full(gateway: Gateway) -> Client:
    return filled(gateway, "full", 20, 10)


@pytest.mark.parametrize(
    ("format_", "people", "groups"),
    [
        pytest.param("bulk", PEOPLE, GROUPS, marks=LONG),
        pytest.param("bulk", 20, 10, marks=LONG),
        ("ndjson", 13, 3),
        pytest.param("ndjson", 20, 10, marks=LONG),
        pytest.param("csv", 20, 10, marks=LONG),
    ],
)
@pytest.mark.timeout(600)
def test_a_directory_survives_export_and_import(
    gateway: Gateway, format_: str, people: int, groups: int
) -> None:
    full = filled(gateway, f"full-{format_}-{people}", people, groups)
    mapping = {"mapping": MAPPING} if format_ == "csv" else {}
    before = exported(full, format=format_, **mapping)
    empty = client_of(gateway, f"empty-{format_}-{people}")
    job, entries = imported(empty, before, format=format_, **mapping)
    assert (job["status"], job["operations"]["failed"]) == ("completed", 0)
    ids = ids_of(entries)
    assert len(ids) == people + groups
    # Whatever the way, the two are compared in the form that leaves nothing out.
    expected = lines_in(in_terms_of(exported(full, format="ndjson"), ids))
    assert lines_in(exported(empty, format="ndjson")) == expected
    assert len(expected) == people + groups


@pytest.mark.long
def test_an_export_contains_the_imported_members_and_managers_and_no_password(full: Client) -> None:
    found = exported(full, format="ndjson")
    resources = [json.loads(line) for line in found.splitlines()]
    names = {each["id"]: each.get("userName") or each["displayName"] for each in resources}
    sent = {each["id"]: each for each in map(json.loads, directory(20, 10).splitlines())}
    sent_names = {id_: each.get("userName") or each["displayName"] for id_, each in sent.items()}
    members = {
        each["displayName"]: {names[member["value"]] for member in each["members"]}
        for each in resources
        if "members" in each
    }
    assert members == {
        each["displayName"]: {sent_names[member["value"]] for member in each["members"]}
        for each in sent.values()
        if each.get("members")
    }
    managers = {
        each["userName"]: names[each[ENTERPRISE]["manager"]["value"]]
        for each in resources
        if ENTERPRISE in each
    }
    assert managers == {
        each["userName"]: sent_names[each[ENTERPRISE]["manager"]["value"]]
        for each in sent.values()
        if ENTERPRISE in each
    }
    assert b"password" not in found
    assert b"never-exported" not in found


def test_an_export_can_be_posted_to_bulk(gateway: Gateway) -> None:
    one, other = client_of(gateway, "small"), client_of(gateway, "copy")
    ann = one.user("ann")
    one.group("staff", ann["id"])
    body = exported(one, format="bulk")
    answer = other.send("POST", "/Bulk", body)
    assert [each["status"] for each in answer.body["Operations"]] == ["201", "201"]
    (group,) = other.send("GET", "/Groups").body["Resources"]
    (user,) = other.send("GET", "/Users").body["Resources"]
    assert [each["value"] for each in group["members"]] == [user["id"]]


def test_an_empty_directory_is_an_empty_file(gateway: Gateway) -> None:
    client = client_of(gateway, "nobody")
    assert json.loads(exported(client, format="bulk")) == {"schemas": [BULK], "Operations": []}
    assert exported(client, format="ndjson") == b""


def test_an_import_again_changes_nothing_or_what_is_new(gateway: Gateway) -> None:
    client = client_of(gateway, "again")
    people = [{"id": f"p{n}", "schemas": [USER], "userName": f"u{n}"} for n in range(3)]
    staff = {"id": "g", "schemas": [GROUP], "displayName": "g", "members": [{"value": "p0"}]}
    first = lines(*people, staff)
    _, entries = imported(client, first, format="ndjson", existing="update")
    assert effects(entries) == ["create"] * 4
    people[1] |= {"title": "Dr"}
    second = lines(*people, staff | {"members": [{"value": "p0"}, {"value": "p2"}]})
    _, entries = imported(client, second, format="ndjson", existing="update")
    assert effects(entries) == ["unchanged", "update", "unchanged", "update"]
    assert [entry["status"] for entry in entries] == ["200"] * 4
    _, entries = imported(client, second, format="ndjson")
    assert [entry["status"] for entry in entries] == ["409"] * 4
    assert client.send("GET", "/Users").body["totalResults"] == 3


def test_users_with_new_names_are_known_by_the_key_of_the_mapping(gateway: Gateway) -> None:
    client = client_of(gateway, "renamed")
    manager = f"{ENTERPRISE}:manager.value"
    columns = {"number": "externalId", "login": "userName", "boss": manager}
    mapping = {"resourceType": "User", "key": "externalId", "columns": columns}
    told: dict[str, Any] = {"format": "csv", "mapping": mapping, "existing": "update"}
    eve = client.user("eve")
    first = b"number,login,boss\n1,ann.lee,2\n2,bob,\n3,eve,\n"
    _, entries = imported(client, first, **told)
    assert effects(entries) == ["create", "create", "update"]
    second = b"number,login,boss\n1,ann.ray,2\n2,bob,3\n4,ann.lee,1\n5,eve,\n"
    for is_dry in (True, False):
        _, entries = imported(client, second, **told, dryRun=is_dry)
        assert effects(entries) == ["update", "update", "create", "error"]
    found = {user["externalId"]: user for user in client.send("GET", "/Users").body["Resources"]}
    assert {number: user["userName"] for number, user in found.items()} == {
        "1": "ann.ray", "2": "bob", "3": "eve", "4": "ann.lee",
    }  # fmt: skip
    assert found["3"]["id"] == eve["id"]
    bosses = {number: user.get(ENTERPRISE, {}).get("manager") for number, user in found.items()}
    assert bosses["4"]["value"] == found["1"]["id"]
    assert bosses["2"]["value"] == found["3"]["id"]


def test_a_dry_run_reports_what_would_change_and_changes_nothing(gateway: Gateway) -> None:
    client = client_of(gateway, "dry")
    client.user("known")
    client.user("other", title="Mr")
    before = exported(client, format="ndjson")
    content = lines(
        {"id": "g", "schemas": [GROUP], "displayName": "g", "members": [{"value": "new"}]},
        {"id": "known", "schemas": [USER], "userName": "known"},
        {"id": "other", "schemas": [USER], "userName": "other", "title": "Dr"},
        {"id": "new", "schemas": [USER], "userName": "new"},
        {"id": "twin", "schemas": [USER], "userName": "NEW"},
        {"id": "bad", "schemas": [USER], "userName": ["a", "b"]},
        {"id": "g", "meta": {"resourceType": "Group"}, "members": [{"value": "known"}]},
    )
    job, entries = imported(client, content, format="ndjson", existing="update", dryRun=True)
    assert job["dryRun"] is True
    assert [(entry["line"], entry["effect"]) for entry in entries] == [
        (1, "create"),
        (2, "unchanged"),
        (3, "update"),
        (4, "create"),
        (5, "error"),
        (6, "error"),
        (7, "unchanged"),
    ]
    assert "location" not in entries[0]
    assert exported(client, format="ndjson") == before
    assert client.send("GET", "/Groups").body["totalResults"] == 0


@pytest.mark.parametrize(
    ("fail_on_errors", "expected"),
    [
        pytest.param(0, [(1, "201"), (2, "400"), (4, "400"), (5, "201"), (6, "400")], id="all"),
        pytest.param(1, [(1, "201"), (2, "400")], id="up to the first error"),
        pytest.param(2, [(1, "201"), (2, "400"), (4, "400")], id="up to the second"),
    ],
)
@pytest.mark.sampled(3)
def test_malformed_lines_are_reported_by_number(
    gateway: Gateway, fail_on_errors: int, expected: list[tuple[int, str]]
) -> None:
    client = client_of(gateway, f"lines{fail_on_errors}")
    content = (
        b'{"schemas":["' + USER.encode() + b'"],"userName":"a"}\n'
        b'{"schemas":["' + USER.encode() + b'"],"userName":\n'
        b"\n"
        b'{"userName":"nobody knows what"}\n'
        b'{"meta":{"resourceType":"user"},"userName":"b"}\n'
        b'{"meta":{"resourceType":"User"},"userN'
    )
    job, entries = imported(client, content, format="ndjson", failOnErrors=fail_on_errors)
    assert job["status"] == "completed"
    assert [(entry["line"], entry["status"]) for entry in entries] == expected
    for entry in entries:
        if entry["status"] == "400":
            assert f"Line {entry['line']}: " in entry["response"]["detail"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "Line 1", id="empty"),
        pytest.param(b'{"schemas":["' + BULK.encode() + b'"]}', "Operations", id="no operations"),
        pytest.param(
            b'{"schemas":["' + BULK.encode() + b'"],\n"Operations":[{"method":"POST","path":"/Us',
            "Line 2",
            id="stops half way",
        ),
        pytest.param(b'{"Operations":[{}]} and more', "Line 1", id="more behind it"),
        pytest.param(b'{"schemas":["x"],"Operations":[{}]}', BULK, id="another message"),
        pytest.param(b"\xff\xfe", "UTF-8", id="no text"),
    ],
)
@pytest.mark.sampled(3)
def test_a_malformed_request_file_fails_and_changes_nothing(
    gateway: Gateway, content: bytes, said: str
) -> None:
    client = client_of(gateway, "broken")
    path = started(client, content, format="bulk")
    job = ended(client, path)
    assert job["status"] == "failed"
    assert said in job["error"]
    assert client.send("GET", "/Users").body["totalResults"] == 0


def test_unresolved_references_are_reported_by_line(gateway: Gateway) -> None:
    client = client_of(gateway, "astray")
    operations = [
        posted("Users", "a", userName="a"),
        posted("Users", "twin", userName="t1"),
        posted("Users", "twin", userName="t2"),
        posted("Groups", "lost", displayName="lost", members=[{"value": "bulkId:nobody"}]),
        posted("Groups", "self", displayName="self", members=[{"value": "bulkId:self"}]),
        posted("Groups", "fine", displayName="fine", members=[{"value": "bulkId:a"}]),
        posted("Groups", "doubt", displayName="doubt", members=[{"value": "bulkId:twin"}]),
    ]
    content = json.dumps({"schemas": [BULK], "Operations": operations}, indent=1).encode()
    _, entries = imported(client, content, format="bulk")
    assert [entry["status"] for entry in entries] == [
        "201", "400", "400", "400", "409", "201", "409",
    ]  # fmt: skip
    assert "nobody" in entries[3]["response"]["detail"]
    numbers = [entry["line"] for entry in entries]
    assert numbers == sorted(set(numbers))


def test_invalid_rows_are_reported_by_line(gateway: Gateway) -> None:
    client = client_of(gateway, "rows")
    mapping = {"resourceType": "User", "columns": {"login": "userName", "on": "active"}}
    content = b'login,on,more\r\na,yes,\r\n"b\r\nb",no,x\r\nc,perhaps,\r\nd\r\n,true,\r\n"e,true,'
    _, entries = imported(client, content, format="csv", mapping=mapping)
    assert [(entry["line"], entry["status"]) for entry in entries] == [
        (2, "201"), (3, "400"), (5, "400"), (6, "201"), (7, "400"), (8, "400"),
    ]  # fmt: skip
    assert "control" in entries[1]["response"]["detail"]
    assert "Line 5: Column on: expected boolean: one of true," in entries[2]["response"]["detail"]
    assert "Cell 1" in entries[5]["response"]["detail"]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        pytest.param({"kind": "bulk"}, "kind", id="no such kind"),
        pytest.param({"kind": "import", "format": "xml"}, "format", id="no such format"),
        pytest.param({"kind": "import", "format": "csv"}, "mapping", id="no mapping"),
        pytest.param(
            {"kind": "import", "format": "csv", "mapping": {"columns": {"a": "nothing"}}},
            "nothing",
            id="no such attribute",
        ),
        pytest.param(
            {"kind": "import", "format": "csv", "mapping": {"columns": {"a": "emails[0]"}}},
            "emails",
            id="no path",
        ),
        pytest.param(
            {"kind": "export", "resourceTypes": ["Robot"]},
            "type Robot to export; expected User, Group",
            id="no such type",
        ),
        pytest.param({"kind": "import", "failOnErrors": -1}, "failOnErrors", id="negative"),
        pytest.param({"kind": "import", "speed": 9}, "speed", id="unknown member"),
    ],
)
def test_a_job_that_does_not_fit_is_not_declared(
    gateway: Gateway, members: dict[str, Any], said: str
) -> None:
    answer = declared(client_of(gateway, "undeclared"), **members)
    assert answer.status == 400
    assert said in answer.body["detail"]


def test_an_import_waits_for_its_file(gateway: Gateway) -> None:
    client = client_of(gateway, "waiting")
    job = declared(client, kind="import", format="ndjson").body
    path = f"/Jobs/{job['id']}"
    assert (job["status"], job["percentDone"]) == ("waiting", 0)
    assert client.send("POST", f"{path}/Start").status == 409
    again = client.send("GET", path).body
    uploaded(again, lines({"schemas": [USER], "userName": "late"}))
    assert client.send("POST", f"{path}/Start").status == 202
    assert client.send("POST", f"{path}/Start").status in {202, 409}
    assert ended(client, path)["operations"] == {"total": 1, "done": 1, "failed": 0}
    assert "upload" not in client.send("GET", path).body
    assert client.send("POST", f"{path}/Start").status == 409


def test_a_waiting_import_can_be_cancelled(gateway: Gateway) -> None:
    client = client_of(gateway, "waiting")
    path = f"/Jobs/{declared(client, kind='import').body['id']}"
    assert client.send("DELETE", path).status == 204
    assert client.send("POST", f"{path}/Start").status == 409


def test_a_caller_cannot_export_a_type_it_may_not_list(gateway: Gateway) -> None:
    client = client_of(gateway, "narrow", "bulk", "users:*")
    assert declared(client, kind="export").status == 403
    assert declared(client, kind="export", resourceTypes=["User"]).status == 201


def test_rows_of_a_type_the_caller_may_not_create_are_refused(gateway: Gateway) -> None:
    client = client_of(gateway, "narrower", "bulk", "users:*")
    content = lines(
        {"schemas": [USER], "userName": "mine"}, {"schemas": [GROUP], "displayName": "not mine"}
    )
    _, entries = imported(client, content, format="ndjson")
    assert [entry["status"] for entry in entries] == ["201", "403"]


def test_a_running_export_can_be_cancelled(gateway: Gateway, full: Client) -> None:
    path = f"/Jobs/{declared(full, kind='export').body['id']}"
    answer = full.send("DELETE", path).status
    job = ended(full, path)
    assert (answer, job["status"]) in {(204, "cancelled"), (409, "completed")}
    if job["status"] == "cancelled":
        assert full.send("GET", f"{path}/Result").status == 409


def test_a_result_is_there_before_all_is_done(gateway: Gateway) -> None:
    client = client_of(gateway, "early")
    path = f"/Jobs/{declared(client, kind='import').body['id']}"
    assert result_of(client, path, client.send("GET", path).body) == []


def lines(*resources: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in resources)


def effects(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["effect"] for entry in entries]


def posted(segment: str, bulk_id: str, **data: Any) -> dict[str, Any]:
    return {"method": "POST", "path": f"/{segment}", "bulkId": bulk_id, "data": data}
