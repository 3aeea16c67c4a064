"""This version reads, finds, changes and checks what an earlier version has written.

Of each version a table is kept that it wrote (`make written-table`). UPGRADE_TABLE names one more: with
a table that a newer version wrote, these tests show that a deployment can be taken back to this one.
A table that is not kept here has no change log.
"""

import gzip
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from scim.fsck import open_work, violations
from tests.upgrade.begun import JOB, PATCH, USER, Client
from tests.upgrade.written import CORE, TENANTS, Tenant, decoded, encoded, items

HERE = Path(__file__).parent
OWN = sorted(HERE.glob("*.json.gz"))
KEPT = [
    *OWN,
    *map(Path, filter(None, [os.environ.get("UPGRADE_TABLE")])),
]
VENDORS = {"forsta"}
"""Profiles that have an API of their own."""


@dataclass(frozen=True)
class Written:
    """A gateway of this version on a table of another, and what that one answered from it."""

    gateway: Gateway
    answers: dict[str, list[dict[str, Any]]]
    begun: dict[str, Any]
    events: dict[str, str]

    def wrong(self) -> list[str]:
        """Return what disagrees in the table, and what was not finished."""
        raw = [decoded(item) for item in items(self.gateway)]
        return [*map(str, violations(raw)), *open_work(raw)]

    def sweep(self) -> None:
        """Finish what requests left behind."""
        self.gateway.invoke(self.gateway.template.scope.arn_of("SweepFunction"), {})

    def id_of(self, tenant: str, path: str, **members: Any) -> str:
        """Return the id of a resource that the other version has shown."""
        listed = next(each["body"] for each in self.answers[tenant] if each["path"] == path)
        (found,) = (each for each in listed["Resources"] if members.items() <= each.items())
        return str(found["id"])


@contextmanager
def _opened(file: Path) -> Iterator[Written]:
    kept = json.loads(gzip.decompress(file.read_bytes()))
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        client, table = boto3.client("dynamodb"), gateway.store.tables["Table"]
        for item in [decoded(each) for each in items(gateway)]:
            client.delete_item(TableName=table, Key={part: item[part] for part in ("pk", "sk")})
        for item in kept["items"]:
            client.put_item(TableName=table, Item=_not_expired(decoded(item)))
        yield Written(gateway, kept["answers"], kept["begun"], kept["events"])


def _not_expired(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item that ends a week from now, if it ends: tables are kept for years, jobs for a week."""
    return {**item, "ttl": {"N": str(int(time.time()) + 604_800)}} if "ttl" in item else item


def _name(file: Path) -> str:
    return file.name.removesuffix(".json.gz")


@pytest.fixture(name="written", params=KEPT, ids=_name, scope="module")
def _written(request: pytest.FixtureRequest) -> Iterator[Written]:
    with _opened(request.param) as written:
        yield written


@pytest.mark.parametrize("file", KEPT, ids=_name)
@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["okta"], id="one-tenant"),
        pytest.param(TENANTS, id="all-tenants", marks=pytest.mark.long),
    ],
)
def test_a_table_of_an_earlier_version_is_sound_and_answered_as_before(
    file: Path, names: Sequence[str]
) -> None:
    with _opened(file) as written:
        assert written.wrong() == []
        for name in names:
            tenant = Tenant(written.gateway, name)
            for each in written.answers[name]:
                answer = tenant.ask("GET", each["path"])
                assert answer == (each["status"], each["body"]), f"{name} {each['path']}"


@pytest.mark.parametrize("name", [name for name in TENANTS if name not in VENDORS])
@pytest.mark.sampled(5)
def test_a_table_of_an_earlier_version_stays_sound_under_changes(
    written: Written, name: str
) -> None:
    tenant = Tenant(written.gateway, name)
    bob = written.id_of(name, "/Users", userName="bob@example.org")
    outer = written.id_of(name, "/Groups", displayName="Outer")
    inner = written.id_of(name, "/Groups", displayName="Inner")
    # Names are still taken, and free where somebody was deleted.
    taken = {"schemas": [f"{CORE}User"], "userName": "BOB@example.org"}
    assert tenant.ask("POST", "/Users", taken)[0] == 409
    dee = tenant.make("User", userName="dee@example.org")
    tenant.modify(f"/Users/{bob}", op="replace", path="userName", value="rob@example.org")
    assert tenant.make("User", userName="bob@example.org") != bob
    found = tenant.ask("GET", "/Users?filter=userName%20eq%20%22rob@example.org%22")[1]
    assert [each["id"] for each in found["Resources"]] == [bob]
    tenant.modify(f"/Groups/{inner}", op="add", path="members", value=[{"value": dee}])
    groups = tenant.ask("GET", f"/Users/{dee}")[1]["groups"]
    assert {each["value"] for each in groups} == {inner, outer}
    assert tenant.ask("DELETE", f"/Groups/{inner}")[0] == 204
    assert tenant.ask("DELETE", f"/Users/{bob}")[0] == 204
    assert tenant.ask("GET", f"/Users/{bob}")[0] == 404
    written.sweep()
    assert written.wrong() == []


@pytest.mark.parametrize("file", KEPT, ids=_name)
def test_work_begun_by_an_earlier_version_continues(file: Path) -> None:
    with _opened(file) as written:
        begun = written.begun
        default, okta = (Client(written.gateway, name) for name in ("default", "okta"))

        # An Idempotency-Key still makes one user.
        once = {**USER, "userName": "once@example.org"}
        assert (
            default.call("POST", "/Users", once, Idempotency_Key='"upgrade"')["id"] == begun["once"]
        )

        # A token with filters sees what it saw.
        client = Client(written.gateway, "default", begun["token"])
        users, groups = (client.call("GET", path) for path in ("/Users", "/Groups"))
        names = {user["userName"] for user in users["Resources"]}
        assert names == {f"seen{n}@example.org" for n in range(3)}
        assert [group["displayName"] for group in groups["Resources"]] == ["Inner"]

        # A deleted user comes back with the membership, and a waiting job can be cancelled.
        undo = {**JOB, "kind": "undo", "undoes": {"deleted": f"Users/{begun['kept']}"}}
        assert okta.await_job(okta.call("POST", "/Jobs", undo)["id"]) == "completed"
        user = okta.call("GET", f"/Users/{begun['kept']}")
        assert [group["value"] for group in user["groups"]] == [begun["group"]]
        okta.call("DELETE", f"/Jobs/{begun['waiting']}")
        assert okta.call("GET", f"/Jobs/{begun['waiting']}")["status"] == "cancelled"

        written.sweep()
        assert written.wrong() == []


@pytest.mark.parametrize("file", OWN, ids=_name)
def test_a_receiver_is_sent_what_it_has_not_acknowledged_and_then_what_is_new(file: Path) -> None:
    with _opened(file) as written:
        receiver, changed = Client(written.gateway, "default"), f"/Users/{written.begun['once']}"
        assert receiver.events() == written.events != {}
        change = {"op": "replace", "path": "title", "value": "new"}
        receiver.call("PATCH", changed, {**PATCH, "Operations": [change]})
        written.gateway.event_sources.pump()
        assert list(receiver.events(written.events).values()) == [changed]
        assert written.wrong() == []


def test_the_keys_of_what_is_kept_are_not_encoded_twice() -> None:
    raw = {"pk": {"S": "a"}, "z": {"B": b"\x00\xff"}, "l": {"L": [{"N": "1"}]}}
    assert decoded(json.loads(json.dumps(encoded(raw)))) == raw


def test_there_is_a_table_of_an_earlier_version() -> None:
    assert KEPT
