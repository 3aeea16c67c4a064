"""Simultaneous acts of two administrators do not undo each other."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from scim.access.requests_kept import BODIES_UNTIL, IS_ON
from scim.access.token import StoredToken, hash_of
from scim.errors import Conflict, NotFound
from scim.store.access.clients import StoredClients
from scim.store.access.definitions import MappingDrafts
from scim.store.access.tenants import Tenants
from scim.store.access.tokens import Tokens
from scim.store.dynamodb.table import Table
from tests.fakes.administered import Administered, administered

ACME = "/tenants/acme"
TOKENS, CLIENTS = f"{ACME}/tokens", f"{ACME}/clients"
FEED, RECEIVER = f"{ACME}/feed", f"{ACME}/feed/receiver"
HERE = {"url": "https://receiver.example/events"}
ISSUER = {
    "kind": "jwt",
    "issuer": "https://idp.example",
    "jwksUri": "https://idp.example/jwks",
    "audiences": ["acme"],
}
SCHEMA = {"id": "urn:acme:Device", "name": "Device", "attributes": []}
Meanwhile = Callable[..., None]


@pytest.fixture(name="deployment")
def _deployment() -> Iterator[Administered]:
    with administered() as found:
        found.do("POST", "/tenants", name="acme")
        yield found


@pytest.fixture(name="meanwhile")
def _meanwhile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meanwhile]:
    """Let something happen once, when the next caller of a method has read and not yet written.

    `at` is the read after which it happens: the first finds the tenant of every operation, before it begins.
    The test fails if it does not happen.
    """
    pending: list[Callable[[], object]] = []

    def arrange(store: type[Any], read: str, act: Callable[[], object], at: int = 1) -> None:
        reading, reads = getattr(store, read), count(1)

        def then(*arguments: Any) -> Any:
            found = reading(*arguments)
            if next(reads) == at:
                pending.remove(act)
                act()
            return found

        pending.append(act)
        monkeypatch.setattr(store, read, then)

    yield arrange
    assert pending == []


def _token(deployment: Administered, id_: str) -> StoredToken:
    found = deployment.administration.tokens.of_tenant("acme").values()
    return next(each for each in found if each.token_id == id_)


def test_a_rotation_does_not_undo_a_revocation(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    made = deployment.do("POST", TOKENS).body["token_id"]
    meanwhile(Tokens, "of_tenant", lambda: deployment.do("POST", f"{TOKENS}/{made}/revoke"))
    with pytest.raises(Conflict):
        deployment.do("POST", f"{TOKENS}/{made}/rotate")
    assert _token(deployment, made).revoked_at is not None
    assert len(deployment.administration.tokens.of_tenant("acme")) == 1


def test_a_revocation_holds_though_the_token_is_rotated(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    made = deployment.do("POST", TOKENS).body["token_id"]
    meanwhile(
        Tokens, "of_tenant", lambda: deployment.do("POST", f"{TOKENS}/{made}/rotate", overlap=60)
    )
    deployment.do("POST", f"{TOKENS}/{made}/revoke")
    assert _token(deployment, made).revoked_at is not None


def test_the_first_of_two_rotations_decides_when_the_token_ends(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    made = deployment.do("POST", TOKENS).body["token_id"]
    meanwhile(
        Tokens, "of_tenant", lambda: deployment.do("POST", f"{TOKENS}/{made}/rotate", overlap=0)
    )
    with pytest.raises(Conflict):
        deployment.do("POST", f"{TOKENS}/{made}/rotate", overlap=86_400)
    assert not _token(deployment, made).is_valid(deployment.administration.clock.now())
    assert len(deployment.administration.tokens.of_tenant("acme")) == 2


def test_changing_the_rate_does_not_end_a_suspension(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    meanwhile(Tenants, "find", lambda: deployment.do("POST", "/tenants/acme/suspend"), at=2)
    body = deployment.do("PATCH", "/tenants/acme", rate=7).body
    assert (body["rate"], body["suspended_at"] is None) == (7, False)


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [("PATCH", "/tenants/acme", {"rate": 7}), ("POST", "/tenants/acme/suspend", {})],
    ids=["change", "suspend"],
)
def test_a_deleted_tenant_is_not_made_again(
    deployment: Administered,
    meanwhile: Meanwhile,
    method: str,
    path: str,
    given: dict[str, Any],
) -> None:
    meanwhile(Tenants, "find", lambda: deployment.do("DELETE", "/tenants/acme"), at=2)
    with pytest.raises(NotFound):
        deployment.do(method, path, **given)
    assert ("TENANT#acme", "-") not in deployment.items()


@pytest.mark.parametrize("kind", ["token", "client"])
def test_a_revocation_during_the_deletion_of_a_tenant_leaves_no_credential(
    deployment: Administered, meanwhile: Meanwhile, kind: str
) -> None:
    path = f"/tenants/acme/{kind}s"
    made = deployment.do("POST", path).body[f"{kind}_id"]
    store = {"token": Tokens, "client": StoredClients}[kind]
    meanwhile(store, "of_tenant", lambda: deployment.do("DELETE", "/tenants/acme"))
    with pytest.raises(NotFound):
        deployment.do("POST", f"{path}/{made}/revoke")
    assert not [pk for pk, _ in deployment.items() if pk.startswith(f"{kind.upper()}#")]


@pytest.mark.parametrize("kind", ["token", "client"])
def test_a_credential_made_during_the_deletion_of_a_tenant_is_removed(
    deployment: Administered, meanwhile: Meanwhile, kind: str
) -> None:
    store = {"token": Tokens, "client": StoredClients}[kind]
    meanwhile(store, "of_tenant", lambda: deployment.do("POST", f"/tenants/acme/{kind}s"))
    deployment.do("DELETE", "/tenants/acme")
    assert not [pk for pk, _ in deployment.items() if pk.startswith(f"{kind.upper()}#")]


def test_a_new_secret_does_not_undo_a_clients_revocation(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    made = deployment.do("POST", CLIENTS).body["client_id"]
    meanwhile(StoredClients, "of_tenant", lambda: deployment.do("POST", f"{CLIENTS}/{made}/revoke"))
    with pytest.raises(Conflict):
        deployment.do("POST", f"{CLIENTS}/{made}/rotate")
    (client,) = deployment.administration.clients.of_tenant("acme")
    assert client.revoked_at is not None
    assert client.secret_hashes == ()


def test_no_secret_that_was_shown_is_lost_to_another(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    made = deployment.do("POST", CLIENTS).body["client_id"]
    shown: list[str] = []

    def rotate() -> None:
        shown.append(deployment.do("POST", f"{CLIENTS}/{made}/rotate").body["secret"])

    meanwhile(StoredClients, "of_tenant", rotate)
    with pytest.raises(Conflict):
        rotate()
    (client,) = deployment.administration.clients.of_tenant("acme")
    assert client.secret_hashes[0] == hash_of(shown[0])


STORED = [
    ("POST", TOKENS, {}),
    ("POST", CLIENTS, {}),
    ("POST", f"{ACME}/issuers", {"document": ISSUER}),
    ("POST", f"{ACME}/links", {}),
    ("PUT", RECEIVER, HERE),
    ("PUT", f"{ACME}/definitions", {"document": {"schemas": [SCHEMA], "resourceTypes": []}}),
]
"""What gives access to a tenant's directory, sends from it, or says what it may hold."""


def _left(deployment: Administered) -> set[str]:
    """Return what a later tenant of the name would have, by kind."""
    items = deployment.items()
    kinds = {pk.partition("#")[0] for pk, _ in items} - {"AUDIT", "T", "TENANT", "SETUP"}
    kinds |= {pk for (pk, _), item in items.items() if pk[:6] == "SETUP#" and "revoked" not in item}
    return kinds | set(deployment.administration.feeds.settings("acme"))


@pytest.mark.parametrize(("method", "path", "given"), STORED, ids=[row[1] for row in STORED])
def test_items_stored_during_the_deletion_of_a_tenant_are_removed(
    deployment: Administered, meanwhile: Meanwhile, method: str, path: str, given: dict[str, Any]
) -> None:
    # The draft of the mapping is the last that is removed before the tenant itself.
    meanwhile(MappingDrafts, "remove", lambda: deployment.do(method, path, **given))
    deployment.do("DELETE", ACME)
    assert _left(deployment) == set()


@pytest.mark.parametrize(("method", "path", "given"), STORED, ids=[row[1] for row in STORED])
def test_nothing_is_stored_for_a_tenant_that_was_deleted_meanwhile(
    deployment: Administered, meanwhile: Meanwhile, method: str, path: str, given: dict[str, Any]
) -> None:
    meanwhile(Tenants, "find", lambda: deployment.do("DELETE", ACME))
    with pytest.raises(NotFound):
        deployment.do(method, path, **given)
    assert _left(deployment) == set()


def test_other_settings_do_not_bring_back_a_receiver_that_was_removed(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    deployment.do("PUT", RECEIVER, **HERE)
    meanwhile(Table, "item", lambda: deployment.do("DELETE", RECEIVER))
    body = deployment.do("PUT", FEED, days=5).body
    assert (body["days"], body["push_url"]) == (5, None)
    assert deployment.administration.feeds.settings("acme") == {"days": 5}


def test_simultaneous_changes_of_the_request_log_settings_are_both_kept(
    deployment: Administered, meanwhile: Meanwhile
) -> None:
    path = f"{ACME}/request-log"
    meanwhile(Table, "item", lambda: deployment.do("PUT", path, on=False))
    deployment.do("PUT", path, bodies=10)
    assert deployment.administration.requests.settings("acme").keys() == {
        IS_ON,
        BODIES_UNTIL,
    }
