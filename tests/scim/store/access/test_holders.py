"""Whether the credentials of a job are still valid."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from scim.access.client import OAuthClient
from scim.access.tenant import Tenant
from scim.access.token import StoredToken, hash_of
from scim.bootstrap.credentials import Credentials, credentials_on
from scim.principal import client_owner, issuer_owner, token_owner
from scim.resource.job import Job
from scim.store.access.holders import ENDED, SUSPENDED, Holders
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from tests.contract.samples import JOB as SAMPLE
from tests.contract.stores import moto_client, new_table

NOW, PAST, LATER = (f"{year}-01-01T00:00:00.000Z" for year in (2026, 2025, 2027))
ISSUER = "https://issuer.example"
TOKEN = StoredToken("t", "acme", ("*",), "", PAST, LATER)
TOKENS = [
    TOKEN,
    replace(TOKEN, token_id="revoked", revoked_at=PAST),
    replace(TOKEN, token_id="expired", expires_at=PAST),
    replace(TOKEN, token_id="old", expires_at=PAST),
    replace(TOKEN, token_id="new", family="old"),
    replace(TOKEN, token_id="leaked", revoked_at=PAST),
    replace(TOKEN, token_id="after", family="leaked"),
]
JOB = replace(SAMPLE, created=PAST, token_id="t", owner="token:t", scopes=frozenset({"*"}))


@pytest.fixture(name="known", scope="module")
def _known() -> Iterator[Credentials]:
    with moto_client() as client:
        known = credentials_on(Table(client, new_table(client), Meter(), Retry()))
        for name in ("acme", "umbrella"):
            known.tenants.create(Tenant(name, PAST))
        known.tenants.create(Tenant("closed", PAST, suspended_at=PAST))
        for token in TOKENS:
            known.tokens.save(hash_of(token.token_id), token)
        known.clients.save(OAuthClient("good", "acme", ("*",), "", PAST))
        known.clients.save(OAuthClient("bad", "acme", ("*",), "", PAST, revoked_at=PAST))
        known.issuers.save("acme", ISSUER, {"issuer": ISSUER})
        yield known


def refusal(known: Credentials, job: Job) -> str:
    holders = Holders(known.tenants, known.tokens, known.clients, known.issuers, lambda: NOW)
    return holders.refusal(job)


@pytest.mark.parametrize(
    ("owner", "token_id", "reason"),
    [
        (token_owner("t"), "t", ""),
        (token_owner("revoked"), "revoked", ENDED),
        (token_owner("expired"), "expired", ENDED),
        (token_owner("gone"), "gone", ENDED),
        pytest.param(token_owner("old"), "old", "", id="expired and followed by another"),
        pytest.param(token_owner("leaked"), "leaked", ENDED, id="revoked, whatever follows"),
        (client_owner("good"), "jwt-1", ""),
        (client_owner("bad"), "jwt-1", ENDED),
        (client_owner("gone"), "jwt-1", ENDED),
        (issuer_owner(hash_of(ISSUER), "1"), "jwt-1", ""),
        (issuer_owner(hash_of("https://other.example"), "1"), "jwt-1", ENDED),
        ("", "t", ENDED),
    ],
)
def test_a_job_continues_while_its_credentials_are_valid(
    known: Credentials, owner: str, token_id: str, reason: str
) -> None:
    assert refusal(known, replace(JOB, owner=owner, token_id=token_id)) == reason
    assert refusal(known, replace(JOB, starter=owner, starter_token=token_id)) == (
        reason if owner else ""
    )


@pytest.mark.parametrize(
    ("tenant", "reason"), [("closed", SUSPENDED), ("unknown", SUSPENDED), ("umbrella", ENDED)]
)
def test_a_job_ends_with_its_tenant(known: Credentials, tenant: str, reason: str) -> None:
    assert refusal(known, replace(JOB, tenant=tenant)) == reason
