"""Who owns a job: each caller against each thing that acts later with somebody's rights.

Jobs, the addresses of their files, cursors and page markers: they are their maker's, whoever else
learns their names.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Any

import pytest

from local.gateway import Gateway
from tests.fakes.operations import gone, user
from tests.gateway.access import access_of, make_tenant, secret_of
from tests.gateway.client import Answered, Client
from tests.gateway.transfer import declared, ended, uploaded

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
NARROW = '{"User": "active eq true"}'
SCOPES = ("bulk", "users:*", "groups:view")
SEES = {"see": 200, "list": True, "read": 200, "start": 202, "cancel": 204}
NOTHING = {"see": 404, "list": False, "read": 404, "start": 404, "cancel": 404}
REFUSED = {"see": 401, "list": False, "read": 401, "start": 401, "cancel": 401}
CALLERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the same": ({"family": "owner"}, SEES),
    "a rotated one": ({"family": "owner", "label": "later"}, SEES),
    "an equal of somebody else": ({}, NOTHING),
    "a weaker one": ({"scopes": ("bulk",)}, NOTHING),
    "a stronger one": ({"scopes": ("bulk", "users:*", "groups:*")}, NOTHING),
    "everything": ({"scopes": ("*",)}, SEES),
    "the permission and as much": ({"scopes": (*SCOPES, "jobs:all")}, SEES),
    "the permission and less": (
        {"scopes": ("bulk", "jobs:all", "users:create")},
        {**SEES, "read": 404},
    ),
    "the permission and other filters": (
        {"scopes": ("*",), "filters": '{"User": "userName sw \\"a\\""}'},
        NOTHING,
    ),
    "the same with other filters": ({"family": "owner", "filters": NARROW}, NOTHING),
    "a revoked one": ({"family": "owner", "revoked_at": "2026-01-02T00:00:00.000Z"}, REFUSED),
    "another tenant": ({"tenant": "umbrella", "scopes": ("*",), "family": "owner"}, NOTHING),
}


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        for name in ("acme", "umbrella"):
            make_tenant(gateway, name)
        yield gateway


@pytest.fixture(name="owner", scope="module")
def _owner(gateway: Gateway) -> Client:
    return caller_of(gateway, {"family": "owner"})


def caller_of(gateway: Gateway, known: dict[str, Any]) -> Client:
    held = dict(known)
    tenant, scopes = held.pop("tenant", "acme"), held.pop("scopes", SCOPES)
    return Client(gateway, secret_of(gateway, tenant, *scopes, **held))


def waiting(owner: Client, *operations: dict[str, Any]) -> str:
    """Return the path of an import that waits to be started."""
    job = declared(owner, kind="import").body
    content = json.dumps({"schemas": [BULK], "Operations": list(operations)}).encode()
    uploaded(job, content)
    return f"/Jobs/{job['id']}"


def is_listed(caller: Client, path: str) -> bool:
    answer = caller.send("GET", "/Jobs?count=1000").body
    ids = [each["id"] for each in answer.get("Resources", [])]
    assert answer.get("totalResults", 0) == len(ids)
    return path.removeprefix("/Jobs/") in ids


@pytest.mark.parametrize(("known", "allowed"), CALLERS.values(), ids=CALLERS.keys())
@pytest.mark.sampled(3)
def test_a_job_is_its_owners(
    gateway: Gateway, owner: Client, known: dict[str, Any], allowed: dict[str, Any]
) -> None:
    caller = caller_of(gateway, known)
    job, other = waiting(owner), waiting(owner)
    did = {
        "see": caller.send("GET", job).status,
        "list": is_listed(caller, job),
        "read": caller.send("GET", f"{job}/Result").status,
        "start": caller.send("POST", f"{job}/Start").status,
        "cancel": caller.send("DELETE", other).status,
    }
    assert did == allowed
    assert owner.send("GET", other).body["status"] == (
        "cancelled" if allowed["cancel"] == 204 else "waiting"
    )
    for path in (job, other):
        owner.send("DELETE", path)


@pytest.mark.parametrize(("known", "allowed"), CALLERS.values(), ids=CALLERS.keys())
@pytest.mark.sampled(3)
def test_the_upload_address_is_shown_only_to_callers_who_may_read_the_job(
    gateway: Gateway, owner: Client, known: dict[str, Any], allowed: dict[str, Any]
) -> None:
    job = waiting(owner)
    shown = caller_of(gateway, known).send("GET", job)
    assert ("upload" in (shown.body or {})) is (allowed["read"] == 200)
    owner.send("DELETE", job)


@pytest.fixture(name="export", scope="module")
def _export(owner: Client) -> str:
    path = f"/Jobs/{declared(owner, kind='export', resourceTypes=['User']).body['id']}"
    assert ended(owner, path)["status"] == "completed"
    return path


@pytest.mark.parametrize(("known", "allowed"), CALLERS.values(), ids=CALLERS.keys())
def test_a_file_is_downloaded_by_its_owner(
    gateway: Gateway, export: str, known: dict[str, Any], allowed: dict[str, Any]
) -> None:
    answer = caller_of(gateway, known).send("GET", f"{export}/Result")
    assert answer.status == allowed["read"]
    assert ("download" in answer.body) is (answer.status == 200)


def test_a_job_may_do_what_both_its_owner_and_its_starter_may(
    gateway: Gateway, owner: Client
) -> None:
    victim = owner.user("victim")["id"]
    job = waiting(owner, user("made"), gone(f"/Users/{victim}"))
    starter = caller_of(gateway, {"scopes": ("bulk", "jobs:all", "users:create")})
    assert starter.send("POST", f"{job}/Start").status == 202
    ended(owner, job)
    entries = owner.send("GET", f"{job}/Result").body["Operations"]
    assert [entry["status"] for entry in entries] == ["201", "403"]
    assert owner.send("GET", f"/Users/{victim}").status == 200


@pytest.mark.parametrize(
    ("known", "status"),
    [
        pytest.param({"family": "owner"}, 200, id="the same"),
        pytest.param({}, 400, id="an equal of somebody else"),
        pytest.param({"scopes": ("*",)}, 400, id="a stronger one"),
        pytest.param({"family": "owner", "filters": NARROW}, 400, id="other filters"),
        pytest.param({"family": "owner", "tenant": "umbrella"}, 400, id="another tenant"),
        pytest.param({"scopes": ("bulk",)}, 403, id="a weaker one"),
        pytest.param(
            {"family": "owner", "revoked_at": "2026-01-02T00:00:00.000Z"}, 401, id="a revoked one"
        ),
    ],
)
def test_a_cursor_is_good_for_whom_it_was_made(
    gateway: Gateway, owner: Client, known: dict[str, Any], status: int
) -> None:
    for name in ("cursor-1", "cursor-2"):
        owner.send("POST", "/Users", {"userName": name})
    first = page(owner, "cursor=&count=1")
    answer = page(caller_of(gateway, known), f"cursor={first.body['nextCursor']}&count=1")
    assert answer.status == status
    assert status != 400 or answer.body["scimType"] == "invalidCursor"


def test_a_page_marker_is_its_owners(gateway: Gateway, owner: Client) -> None:
    """What one client's walk remembers of the total is not what another's is told."""
    for n in range(3):
        made = {"userName": f"marked-{n}", "active": n == 0}
        owner.send("POST", "/Users", made)
    whole = page(owner, "startIndex=1&count=1")
    narrow = caller_of(gateway, {"family": "owner", "filters": NARROW})
    seen = page(narrow, "startIndex=2&count=1")
    assert seen.body["totalResults"] < whole.body["totalResults"]


def page(caller: Client, asked: str) -> Answered:
    return caller.send("GET", f"/Users?filter=userName%20pr&{asked}")


@pytest.mark.parametrize(
    ("number", "in_a_batch"),
    [
        pytest.param(120, 25, id="120 operations"),
        pytest.param(
            10_000, 100, id="10,000 operations", marks=[pytest.mark.long, pytest.mark.timeout(600)]
        ),
    ],
)
def test_a_revoked_tokens_job_writes_no_more(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, number: int, in_a_batch: int
) -> None:
    """Revoked after the first of several batches; those under way see it before they begin."""
    caller, watcher = (
        caller_of(gateway, {"label": f"leaked {number}"}),
        caller_of(gateway, {"scopes": ("*",)}),
    )
    ((hashed, token),) = (
        pair
        for pair in access_of(gateway).tokens.of_tenant("acme").items()
        if pair[1].label == f"leaked {number}"
    )
    invoke, one_at_a_time = gateway._runtime.invoke, Lock()
    batches: list[Any] = []

    def revoking(arn: str, event: Any) -> Any:
        if event.get("do") != "batch":
            return invoke(arn, event)
        with one_at_a_time:
            answer = invoke(arn, event)
            batches.append(event["batch"]["batch"])
            if len(batches) == 1:
                revoked = replace(token, revoked_at="2026-01-02T00:00:00.000Z")
                access_of(gateway).tokens.save(hashed, revoked)
            return answer

    job = waiting(caller, *[user(f"late{number}-{n}") for n in range(number)])
    with monkeypatch.context() as patched:
        patched.setattr(gateway._runtime, "invoke", revoking)
        assert caller.send("POST", f"{job}/Start").status == 202
        over = ended(watcher, job)
        # Those that were under way come to their ends.
        until = time.monotonic() + 20
        while len(batches) < 5 and time.monotonic() < until:
            time.sleep(0.1)
    assert over["status"] == "failed"
    assert "no longer good" in over["error"]
    made = watcher.send("GET", f"/Users?filter=userName%20sw%20%22late{number}-%22&count=0").body
    assert made["totalResults"] == in_a_batch
