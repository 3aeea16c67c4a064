"""A name of another tenant's resource is answered like an unknown name, wherever it is used.

Each case is played twice by one tenant, with what another tenant really has and with what nobody
has; the answers must be the same but for the names, and nothing of the other tenant may change.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client
from tests.gateway.naming import BODIES, CASES, Names, changes, played


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        make_tenant(gateway, "demo", profile="default+groupMembers")
        yield gateway


@pytest.fixture(name="foreign", scope="module")
def _foreign(gateway: Gateway) -> Iterator[Names]:
    """What the other tenant has, and still has when all is done."""
    make_tenant(gateway, "other", profile="default+groupMembers")
    other = Client(gateway, secret_of(gateway, "other", "*"))
    user = other.user("o-anna", externalId="E-77", emails=[{"value": "anna@other.example"}])
    group = other.group("o-guides", user["id"])
    found = other.send("GET", "/GroupMembers").body["Resources"][0]["id"]
    before = _items_of(gateway, "other")
    yield Names(
        user["id"], group["id"], found, "o-anna", "E-77", "anna@other.example", "o-guides", "other"
    )
    assert _items_of(gateway, "other") == before


@pytest.fixture(name="nobodys", scope="module")
def _nobodys(foreign: Names) -> Names:
    """Names of nothing, of the same form."""
    user, group = str(uuid.uuid4()), str(uuid.uuid4())
    membership = foreign.membership.replace(foreign.user, user).replace(foreign.group, group)
    if membership == foreign.membership:
        membership = membership[:-4] + ("AAAA" if membership[-4:] != "AAAA" else "BBBB")
    return Names(
        user, group, membership, "n-anna", "N-77", "anna@noone.example", "n-guides", "nobody"
    )


@pytest.mark.parametrize(
    ("name", "mount"),
    [(name, "/scim/v2") for name in CASES]
    + [(f"{method} Users", "/demo/scim/v2") for method in BODIES],
)
@pytest.mark.sampled(12)
def test_a_resource_of_another_tenant_is_answered_like_one_that_does_not_exist(
    gateway: Gateway, foreign: Names, nobodys: Names, name: str, mount: str
) -> None:
    first, second = (
        played(Client(gateway, mount=mount), names, CASES[name]) for names in (nobodys, foreign)
    )
    assert first == second


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "below", ["", "/Users", "/Users/{user}", "/Groups/{group}", "/.search", "/Me", "/Schemas"]
)
def test_a_path_of_another_tenant_is_answered_like_one_of_no_tenant(
    gateway: Gateway, foreign: Names, nobodys: Names, method: str, below: str
) -> None:
    target = below.format(user=foreign.user, group=foreign.group)
    answers = [
        Client(gateway, mount=f"/{names.tenant}/scim/v2").send(method, target, {})
        for names in (nobodys, foreign)
    ]
    assert [each.status for each in answers] == [404, 404]
    assert answers[0].body == answers[1].body


def test_a_subject_of_another_tenant_is_not_found(
    gateway: Gateway, foreign: Names, nobodys: Names
) -> None:
    for kind in ("user", "user_name", "external_id"):
        shown = []
        for names in (nobodys, foreign):
            name = {"user": "id", "user_name": "userName", "external_id": "externalId"}[kind]
            subject = f"{name}:{getattr(names, kind)}"
            client = Client(gateway, secret_of(gateway, "demo", "me:*", subject=subject))
            shown.append([client.send(m, "/Me", changes()).status for m in ("GET", "DELETE")])
        assert shown == [[404, 404], [404, 404]]


def _items_of(gateway: Gateway, tenant: str) -> list[Any]:
    items = boto3.client("dynamodb").scan(TableName=gateway.store.tables["Table"])["Items"]
    own = [item for item in items if item["pk"]["S"].startswith(f"T#{tenant}#")]
    return sorted((item for item in own if not item["pk"]["S"].endswith("#rate")), key=str)
