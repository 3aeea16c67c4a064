"""Tenants and tokens for tests, put into a gateway's store as an operator would."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import boto3

from local.gateway import Gateway
from scim.access.tenant import NameTaken, Tenant
from scim.access.token import StoredToken, hash_of
from scim.bootstrap.access import Access, access_in
from scim.bootstrap.administration import administration_on
from scim.service.administration.operations import performed
from scim.service.administration.ports import Actor
from scim.service.system import minted
from scim.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CREATED = "2026-01-01T00:00:00.000Z"
NEVER = "9999-12-31T00:00:00.000Z"


def access_of(gateway: Gateway) -> Access:
    """Return who may open the directories behind a gateway."""
    table = gateway.store.tables["Table"]
    return access_in(_client_for(table), table)


@lru_cache(maxsize=8)
def _client_for(table: str) -> "DynamoDBClient":
    """Return a client that is made once: to make one reads the environment, which jobs change."""
    return boto3.client("dynamodb")


def make_tenant(gateway: Gateway, name: str, **settled: Any) -> None:
    """Make a tenant, or settle other things for it."""
    tenant = Tenant(name, CREATED, **settled)
    try:
        access_of(gateway).tenants.create(tenant)
    except NameTaken:
        tenants = access_of(gateway).tenants
        tenants.change(tenants.find(name) or tenant, tenant)


def secret_of(gateway: Gateway, tenant: str, *scopes: str, **known: Any) -> str:
    """Make a token with those scopes and return its secret."""
    name = f"t{len(access_of(gateway).tokens.of_tenant(tenant))}"
    held = {"label": "", "created_at": CREATED, "expires_at": NEVER, **known}
    secret = minted(name)
    token = StoredToken(token_id=name, tenant=tenant, scopes=scopes, **held)
    access_of(gateway).tokens.save(hash_of(secret), token)
    return secret


def administer(gateway: Gateway, method: str, path: str, **given: Any) -> Any:
    table = gateway.store.tables["Table"]
    administration = administration_on(_client_for(table), Settings(table_name=table))
    return performed(administration, Actor("kim"), method, path, given).body
