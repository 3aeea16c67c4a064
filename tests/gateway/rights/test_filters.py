"""Resources outside a token's filters are answered like resources that do not exist.

Each case is played twice by one token, with what is there but outside its filters and with what
nobody has; the answers must be the same but for the names, and nothing outside may change.
"""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from tests.fakes.operations import gone, group, named, user
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, GROUP, USER, Answered, Client
from tests.gateway.naming import BULK, CASES, MEMBER, SEARCH, Names, changes, played

FILTERS = json.dumps(
    {
        "User": 'userName sw "u-" or userName sw "p"',
        "Group": 'displayName sw "g-" or displayName sw "p"',
    }
)
METADATA = "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group:membersMetadata"
ASYNC = {"Prefer": "respond-async"}
Act = Callable[[Client, Names], Answered]


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"Me": "create", "LogLevel": "ERROR"}) as gateway:
        make_tenant(gateway, "acme", profile="default+groupMembers")
        yield gateway


@pytest.fixture(name="whole", scope="module")
def _whole(gateway: Gateway) -> Client:
    return Client(gateway, secret_of(gateway, "acme", "*"))


@pytest.fixture(name="narrow", scope="module")
def _narrow(gateway: Gateway) -> Client:
    return Client(gateway, secret_of(gateway, "acme", "*", filters=FILTERS))


@pytest.fixture(name="outside", scope="module")
def _outside(gateway: Gateway, whole: Client) -> Iterator[Names]:
    """What is outside, and is still there unchanged when all is done."""
    anna = whole.user("o-anna", externalId="E-77", emails=[{"value": "anna@other.example"}])["id"]
    guides = whole.group("o-guides", anna)["id"]
    before = _items_with(gateway, anna, guides)
    yield Names(
        anna,
        guides,
        f"{guides}~{anna}",
        "o-anna",
        "E-77",
        "anna@other.example",
        "o-guides",
        "acme",
    )
    assert _items_with(gateway, anna, guides) == before


@pytest.fixture(name="nobodys", scope="module")
def _nobodys(outside: Names) -> Names:
    """Names of nothing, of the same form."""
    anna, guides = str(uuid.uuid4()), str(uuid.uuid4())
    return Names(
        anna, guides, f"{guides}~{anna}", "n-anna", "N-77", "anna@noone.example", "n-guides", "none"
    )


@pytest.fixture(name="inside")
def _inside(narrow: Client) -> Iterator[Names]:
    """What the token sees, new for each test."""
    name = uuid.uuid4().hex[:8]
    made = narrow.user(f"u-{name}", externalId=name, emails=[{"value": f"{name}@own.example"}])
    held = narrow.group(f"g-{name}", made["id"])["id"]
    membership = f"{held}~{made['id']}"
    mail = f"{name}@own.example"
    yield Names(made["id"], held, membership, f"u-{name}", name, mail, f"g-{name}", "acme")
    narrow.send("DELETE", f"/Groups/{held}")
    narrow.send("DELETE", f"/Users/{made['id']}")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.sampled(12)
def test_a_resource_outside_the_filters_is_answered_like_one_that_does_not_exist(
    narrow: Client, outside: Names, nobodys: Names, name: str
) -> None:
    first, second = (played(narrow, names, CASES[name]) for names in (nobodys, outside))
    assert first == second


VERBS: dict[str, tuple[Act, int]] = {
    "GET user": (lambda c, n: c.send("GET", f"/Users/{n.user}"), 200),
    "PUT user": (
        lambda c, n: c.send(
            "PUT", f"/Users/{n.user}", {"schemas": [USER], "userName": n.user_name}
        ),
        200,
    ),
    "PATCH user": (
        lambda c, n: c.send("PATCH", f"/Users/{n.user}", _title("x")),
        200,
    ),
    "DELETE user": (lambda c, n: c.send("DELETE", f"/Users/{n.user}"), 204),
    "GET group": (lambda c, n: c.send("GET", f"/Groups/{n.group}"), 200),
    "PUT group": (
        lambda c, n: c.send(
            "PUT", f"/Groups/{n.group}", {"schemas": [GROUP], "displayName": n.group_name}
        ),
        200,
    ),
    "PATCH group": (
        lambda c, n: c.send("PATCH", f"/Groups/{n.group}", changes(_members("remove", n.user))),
        200,
    ),
    "DELETE group": (lambda c, n: c.send("DELETE", f"/Groups/{n.group}"), 204),
    "GET membership": (lambda c, n: c.send("GET", f"/GroupMembers/{n.membership}"), 200),
    "DELETE membership": (lambda c, n: c.send("DELETE", f"/GroupMembers/{n.membership}"), 204),
}


@pytest.mark.parametrize("name", VERBS)
def test_every_method_works_inside_the_filters(narrow: Client, inside: Names, name: str) -> None:
    act, status = VERBS[name]
    answer = act(narrow, inside)
    assert answer.status == status, answer.body


@pytest.mark.parametrize("name", VERBS)
def test_no_method_works_outside_the_filters(narrow: Client, outside: Names, name: str) -> None:
    act, _ = VERBS[name]
    assert act(narrow, outside).status == 404


FOUND: dict[str, tuple[str, Callable[[Names], str]]] = {
    "all users": ("/Users", lambda _: "userName pr"),
    "user": ("/Users", lambda n: f'id eq "{n.user}"'),
    "unique name": ("/Users", lambda n: f'userName eq "{n.user_name}"'),
    "index": ("/Users", lambda n: f'externalId eq "{n.external_id}"'),
    "email": ("/Users", lambda n: f'emails.value eq "{n.email}"'),
    "in a group": ("/Users", lambda n: f'groups.value eq "{n.group}"'),
    "all groups": ("/Groups", lambda _: "displayName pr"),
    "group": ("/Groups", lambda n: f'displayName eq "{n.group_name}"'),
    "with a member": ("/Groups", lambda n: f'members.value eq "{n.user}"'),
    "members of a group": ("/GroupMembers", lambda n: f'group.value eq "{n.group}"'),
    "memberships of a user": ("/GroupMembers", lambda n: f'member.value eq "{n.user}"'),
    "membership": ("/GroupMembers", lambda n: f'id eq "{n.membership}"'),
    "both": ("", lambda n: f'id eq "{n.user}" or id eq "{n.group}"'),
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.sampled(3)
@pytest.mark.sampled(2)
def test_lists_show_and_count_resources_inside_the_filters(
    narrow: Client, inside: Names, outside: Names, name: str
) -> None:
    path, text = FOUND[name]
    expected = [2 if name == "both" else 1, 1 if name.startswith("all") else 0]
    for way in ("GET", "POST", "count", "cursor", "sorted"):
        if way == "sorted" and path == "/GroupMembers":
            continue
        answers = [_searched(narrow, path, text(names), way) for names in (inside, outside)]
        assert [each.status for each in answers] == [200, 200], way
        assert [each.body["totalResults"] for each in answers] == expected, way
        told = json.dumps([each.body for each in answers])
        assert not any(id_ in told for id_ in (outside.user, outside.group)), way


def _searched(client: Client, path: str, text: str, way: str) -> Answered:
    body: dict[str, Any] = {"schemas": [SEARCH], "filter": text}
    match way:
        case "GET":
            return client.send("GET", f"{path}?filter={text}")
        case "count":
            return client.send("POST", f"{path}/.search", {**body, "count": 0})
        case "cursor":
            return client.send("POST", f"{path}/.search", {**body, "cursor": ""})
        case "sorted":
            return client.send("POST", f"{path}/.search", {**body, "sortBy": "id"})
        case _:
            return client.send("POST", f"{path}/.search", body)


def test_lists_without_a_query_show_resources_inside_the_filters(
    narrow: Client, inside: Names, outside: Names
) -> None:
    for path, ids in (
        ("/Users", {inside.user}),
        ("/Groups", {inside.group}),
        ("/GroupMembers", {inside.membership}),
        ("", {inside.user, inside.group}),
    ):
        listed = narrow.send("GET", path).body
        assert {each["id"] for each in listed["Resources"]} == ids
        assert listed["totalResults"] == len(ids)
        if path:
            assert narrow.send("GET", f"{path}?count=0").body["totalResults"] == len(ids)


def test_members_and_groups_outside_are_not_shown_and_stay(
    whole: Client, narrow: Client, inside: Names
) -> None:
    hidden = whole.user(f"o-{inside.external_id}")["id"]
    above = whole.group(f"o-{inside.external_id}", inside.user, inside.group)["id"]
    whole.patch(f"/Groups/{inside.group}", _members("add", hidden))
    shown = narrow.send("GET", f"/Groups/{inside.group}").body
    assert [each["value"] for each in shown["members"]] == [inside.user]
    asked = narrow.send("GET", f"/Groups/{inside.group}?attributes={METADATA}").body
    assert '"memberCount": 1' in json.dumps(asked)
    groups = narrow.send("GET", f"/Users/{inside.user}").body["groups"]
    assert [each["value"] for each in groups] == [inside.group]
    emptied = {"op": "remove", "path": "members"}
    assert narrow.patch(f"/Groups/{inside.group}", emptied).status == 200
    left = whole.send("GET", f"/Groups/{inside.group}").body["members"]
    assert [each["value"] for each in left] == [hidden]
    for path in (f"/Groups/{above}", f"/Users/{hidden}"):
        assert narrow.send("GET", path).status == 404
        assert whole.send("DELETE", path).status == 204


def _elsewhere(name: str) -> dict[str, Any]:
    return {"schemas": [USER], "userName": f"o-{name}"}


LEADING_OUT: dict[str, Act] = {
    "POST user": lambda c, n: c.send("POST", "/Users", _elsewhere(n.external_id)),
    "POST group": lambda c, n: c.send(
        "POST", "/Groups", {"schemas": [GROUP], "displayName": f"o-{n.external_id}"}
    ),
    "PUT user": lambda c, n: c.send("PUT", f"/Users/{n.user}", _elsewhere(n.external_id)),
    "PUT group": lambda c, n: c.send(
        "PUT", f"/Groups/{n.group}", {"schemas": [GROUP], "displayName": f"o-{n.external_id}"}
    ),
    "PATCH user": lambda c, n: c.patch(
        f"/Users/{n.user}", {"op": "replace", "path": "userName", "value": f"o-{n.external_id}"}
    ),
    "PATCH group": lambda c, n: c.patch(
        f"/Groups/{n.group}", {"op": "replace", "value": {"displayName": f"o-{n.external_id}"}}
    ),
}


@pytest.mark.parametrize("name", LEADING_OUT)
@pytest.mark.sampled(2)
def test_no_write_moves_a_resource_outside_the_filters(
    whole: Client, narrow: Client, inside: Names, name: str
) -> None:
    before = [whole.send("GET", f"/{kind}").body for kind in ("Users", "Groups")]
    answer = LEADING_OUT[name](narrow, inside)
    assert answer.status == 403
    assert "outside the filter of these credentials" in answer.body["detail"]
    assert [whole.send("GET", f"/{kind}").body for kind in ("Users", "Groups")] == before


def _operations(n: Names, o: Names) -> tuple[list[dict[str, Any]], list[str]]:
    """Return operations on what is inside and outside, and the statuses they deserve."""
    fresh = n.external_id
    listed: list[tuple[dict[str, Any], str]] = [
        (user(f"p-{fresh}"), "201"),
        (user(f"o-{fresh}"), "403"),
        (group(f"pg-{fresh}", f"p-{fresh}"), "201"),
        (named(f"/Users/{n.user}", "One"), "200"),
        (named(f"/Users/{o.user}", "One"), "404"),
        (gone(f"/Users/{o.user}"), "404"),
        (gone(f"/Groups/{o.group}"), "404"),
        (gone(f"/GroupMembers/{o.membership}"), "404"),
        (gone(f"/GroupMembers/{n.membership}"), "204"),
        (gone(f"/Users/bulkId:p-{fresh}"), "204"),
        (gone(f"/Groups/bulkId:pg-{fresh}"), "204"),
    ]
    return [operation for operation, _ in listed], [status for _, status in listed]


def test_bulk_operations_keep_to_the_filters(narrow: Client, inside: Names, outside: Names) -> None:
    operations, statuses = _operations(inside, outside)
    body = {"schemas": [BULK], "Operations": operations}
    answer = narrow.send("POST", "/Bulk", body).body
    assert [each["status"] for each in answer["Operations"]] == statuses


def test_jobs_keep_to_the_filters(narrow: Client, inside: Names, outside: Names) -> None:
    operations, statuses = _operations(inside, outside)
    answer = narrow.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations}, ASYNC)
    place = "/Jobs/" + answer.headers["set-txn"]
    _wait(narrow, place)
    result = narrow.send("GET", f"{place}/Result").body
    assert [each["status"] for each in result["Operations"]] == statuses


def test_jobs_of_callers_with_other_filters_are_not_found(
    gateway: Gateway, whole: Client, narrow: Client, inside: Names
) -> None:
    body = {"schemas": [BULK], "Operations": [named(f"/Users/{inside.user}", "One")]}
    jobs = {
        caller: "/Jobs/" + caller.send("POST", "/Bulk", body, ASYNC).headers["set-txn"]
        for caller in (whole, narrow)
    }
    for caller, place in jobs.items():
        _wait(caller, place)
    other = Client(gateway, secret_of(gateway, "acme", "*", filters='{"User": "*"}'))
    for method, below in (("GET", ""), ("GET", "/Result"), ("DELETE", "")):
        assert narrow.send(method, jobs[whole] + below).status == 404
        assert other.send(method, jobs[narrow] + below).status == 404
    shown = [each["id"] for each in narrow.send("GET", "/Jobs").body["Resources"]]
    assert jobs[narrow].removeprefix("/Jobs/") in shown
    assert jobs[whole].removeprefix("/Jobs/") not in shown
    assert other.send("GET", "/Jobs").body["totalResults"] == 0
    assert whole.send("GET", jobs[narrow]).status == 200


def _wait(client: Client, place: str) -> None:
    for _ in range(600):
        if client.send("GET", place).body["status"] not in {"pending", "running"}:
            return
        time.sleep(0.1)
    raise TimeoutError(place)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("kind", ["id", "userName", "externalId"])
@pytest.mark.sampled(3)
def test_a_subject_outside_the_filters_is_not_found(
    gateway: Gateway, outside: Names, nobodys: Names, method: str, kind: str
) -> None:
    field = {"id": "user", "userName": "user_name", "externalId": "external_id"}[kind]
    answers = []
    for names in (outside, nobodys):
        subject = f"{kind}:{getattr(names, field)}"
        secret = secret_of(gateway, "acme", "me:*", subject=subject, filters=FILTERS)
        body = {"PUT": {"schemas": [USER], "userName": "u-me"}, "PATCH": _title("x")}.get(method)
        answer = Client(gateway, secret).send(method, "/Me", body)
        answers.append((answer.status, answer.body))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_a_user_outside_the_filters_cannot_be_created_at_me(gateway: Gateway) -> None:
    secret = secret_of(gateway, "acme", "me:*", subject="userName:o-self", filters=FILTERS)
    body = {"schemas": [USER], "userName": "o-self"}
    assert Client(gateway, secret).send("POST", "/Me", body).status == 403


def test_a_conflict_reveals_only_that_the_name_is_taken(gateway: Gateway, whole: Client) -> None:
    taken = whole.user("u-taken", **{ENTERPRISE: {"department": "IT"}})["id"]
    filters = json.dumps({"User": f'{ENTERPRISE}:department eq "Sales"'})
    sales = Client(gateway, secret_of(gateway, "acme", "*", filters=filters))
    body = {
        "schemas": [USER, ENTERPRISE],
        "userName": "u-taken",
        ENTERPRISE: {"department": "Sales"},
    }
    answer = sales.send("POST", "/Users", body)
    assert answer.status == 409
    assert taken not in json.dumps(answer.body)
    whole.send("DELETE", f"/Users/{taken}")


def test_a_type_without_a_filter_is_invisible(gateway: Gateway, inside: Names) -> None:
    only = Client(gateway, secret_of(gateway, "acme", "*", filters='{"Group": "*"}'))
    assert only.send("GET", f"/Users/{inside.user}").status == 404
    assert only.send("GET", "/Users").body["totalResults"] == 0
    shown = only.send("GET", f"/Groups/{inside.group}")
    assert shown.status == 200
    assert shown.body["members"] == []
    assert only.send("GET", "/GroupMembers").body["totalResults"] == 0
    membership = {"group": {"value": inside.group}, "member": {"value": inside.user}}
    assert only.send("POST", "/GroupMembers", {"schemas": [MEMBER], **membership}).status == 400


def test_filters_that_no_longer_fit_let_nothing_through(gateway: Gateway) -> None:
    for filters in ('{"User": "shoe eq 1"}', '{"Device": "*"}', "{", '{"User": "groups pr"}'):
        client = Client(gateway, secret_of(gateway, "acme", "*", filters=filters))
        for path in ("/Users", "/Groups", "/GroupMembers", "", "/Users/x"):
            answer = client.send("GET", path)
            assert answer.status == 403
            assert "filters of these credentials" in answer.body["detail"]


def test_explain_is_refused_to_a_token_with_filters(narrow: Client, whole: Client) -> None:
    assert whole.send("GET", "/Users?explain=true").status == 200
    assert narrow.send("GET", "/Users?explain=true").status == 403


def test_the_cost_of_a_request_is_not_shown_to_a_token_with_filters(
    gateway: Gateway, outside: Names
) -> None:
    metered = gateway.beside(variables={"SCIM_METER": "1"})
    whole = Client(metered, secret_of(gateway, "acme", "*"))
    narrow = Client(metered, secret_of(gateway, "acme", "*", filters=FILTERS))
    found = f'/Users?filter=externalId eq "{outside.external_id}"'
    assert whole.send("GET", found).headers["x-scim-cost"]
    for path in (found, f"/Users/{outside.user}", "/Users", "/Users?filter=x"):
        assert "x-scim-cost" not in narrow.send("GET", path).headers


def _title(value: str) -> dict[str, Any]:
    return changes({"op": "replace", "path": "displayName", "value": value})


def _members(op: str, id_: str) -> dict[str, Any]:
    if op == "remove":
        return {"op": op, "path": f'members[value eq "{id_}"]'}
    return {"op": op, "path": "members", "value": [{"value": id_}]}


def _items_with(gateway: Gateway, *ids: str) -> list[Any]:
    items = boto3.client("dynamodb").scan(TableName=gateway.store.tables["Table"])["Items"]
    own = [item for item in items if item["pk"]["S"].startswith("T#acme#")]
    return sorted((item for item in own if any(id_ in str(item) for id_ in ids)), key=str)


MANAGER = f"{ENTERPRISE}:manager"
UNSEEN: dict[str, Callable[[str], dict[str, Any]]] = {
    "remove": lambda _: {"op": "remove", "path": MANAGER},
    "remove the part": lambda _: {"op": "remove", "path": f"{MANAGER}.value"},
    "remove the extension": lambda _: {"op": "remove", "path": ENTERPRISE},
    "replace by null": lambda _: {"op": "replace", "path": MANAGER, "value": None},
    "remove if it is": lambda id_: {"op": "remove", "path": f'{MANAGER}[value eq "{id_}"]'},
    "remove the value": lambda id_: {"op": "remove", "path": MANAGER, "value": [{"value": id_}]},
    "change another part": lambda _: {"op": "replace", "path": "title", "value": "x"},
}


@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.sampled(3)
def test_a_patch_leaves_a_manager_outside_and_does_not_tell_of_it(
    whole: Client, narrow: Client, name: str
) -> None:
    boss = whole.user("o-chief")["id"]
    led: dict[str, Any] = {ENTERPRISE: {"manager": {"value": boss}}}
    told = set()
    for extension, guess in ((led, boss), (led, "nobody"), ({}, "nobody")):
        id_ = whole.user("u-led", **extension)["id"]
        for headers in ({"Prefer": "dry-run"}, {}):
            answer = narrow.send("PATCH", f"/Users/{id_}", changes(UNSEEN[name](guess)), headers)
            text = json.dumps([answer.status, answer.headers.get("etag"), answer.body])
            told.add((str(headers), _without_names(text).replace(guess, "_")))
        stored = whole.send("GET", f"/Users/{id_}").body.get(ENTERPRISE)
        assert whole.send("DELETE", f"/Users/{id_}").status == 204
        assert (stored is None) == (not extension)
    assert whole.send("DELETE", f"/Users/{boss}").status == 204
    assert len(told) == 2


def test_a_patch_does_not_change_an_immutable_reference_outside(gateway: Gateway) -> None:
    make_tenant(gateway, "sold", profile="ownidp")
    whole = Client(gateway, secret_of(gateway, "sold", "*"))
    hidden, seen = whole.user("o-anna")["id"], whole.user("u-anna")["id"]
    urn = "urn:connectis:ciam:scim:schemas:core:1.0:Organization"
    firm = {"schemas": [urn], "displayName": "ACME"}
    seat = {
        "schemas": [f"{urn}User"],
        "user": {"value": hidden},
        "organization": {"value": whole.send("POST", "/Organizations", firm).body["id"]},
    }
    path = f"/OrganizationUsers/{whole.send('POST', '/OrganizationUsers', seat).body['id']}"
    filters = {"User": 'userName sw "u-"', "Organization": "*", "OrganizationUser": "*"}
    secret = secret_of(gateway, "sold", "*", filters=json.dumps(filters))
    narrow = Client(gateway, secret)
    taken = narrow.patch(path, {"op": "add", "path": "user.value", "value": seen})
    assert (taken.status, taken.body["scimType"]) == (400, "mutability")
    assert narrow.patch(path, {"op": "add", "path": "externalId", "value": "e"}).status == 200
    assert whole.send("GET", path).body["user"]["value"] == hidden


def _without_names(text: str) -> str:
    """Return an answer without ids and times."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-[0-9T:.]+Z", "_", text)


def test_a_filter_on_a_hidden_manager_finds_nobody(whole: Client, narrow: Client) -> None:
    boss = whole.user("o-boss")["id"]
    report = whole.user("u-report", **{ENTERPRISE: {"manager": {"value": boss}}})["id"]
    path = f"/Users?filter={ENTERPRISE}:manager.value%20eq%20%22{boss}%22"
    assert [each["id"] for each in whole.send("GET", path).body["Resources"]] == [report]
    there, nowhere = narrow.send("GET", path), narrow.send("GET", path.replace(boss, "x"))
    assert there.body == nowhere.body
    assert there.body["totalResults"] == 0
    for id_ in (report, boss):
        assert whole.send("DELETE", f"/Users/{id_}").status == 204
