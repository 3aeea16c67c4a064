"""The demo tenant and one tenant for each shipped profile, each with a well-known token."""

from local.stores import Store
from scim.access.client import OAuthClient
from scim.access.tenant import USUAL_SCHEMES, NameTaken, Tenant
from scim.access.token import StoredToken, hash_of
from scim.bootstrap.access import Access, access_in
from scim.bootstrap.connection import client
from scim.profile.shipped import names, shipped

TENANT = "demo"
TOKEN = "local-demo-token"  # noqa: S105 - meant to be known
SUBJECT = "userName:kim"
"""The resource of /Me for the profiles' tokens, once that user exists."""
SINCE = "2026-01-01T00:00:00.000Z"


def token_of(tenant: str) -> str:
    """Return the token of one of the tenants of `make run`."""
    return f"local-{tenant}-token"


def client_of(tenant: str) -> tuple[str, str]:
    """Return the id and secret of a tenant's client; it is for tenants that accept only the token endpoint's tokens."""
    return f"local-{tenant}", f"local-{tenant}-secret-that-everybody-knows-who-reads-this"


def shortest_token() -> int:
    """Return the length of the shortest of these tokens, which is shorter than a secret should be."""
    return min(len(token_of(tenant)) for tenant in (TENANT, *names()))


def seed(store: Store) -> None:
    """Create the tenants and their tokens in the store, if they do not exist; existing ones stay unchanged."""
    for table_name in store.tables.values():
        access = access_in(client(), table_name)
        _seed(access, Tenant(TENANT, SINCE))
        for name in names():
            _seed(access, Tenant(name, SINCE, name, shipped(name).auth.schemes or USUAL_SCHEMES))


def _seed(access: Access, tenant: Tenant) -> None:
    try:
        access.tenants.create(tenant)
    except NameTaken:
        return
    auth = shipped(tenant.profile).auth
    if auth.minted_only:
        client_id, secret = client_of(tenant.name)
        hashes = (hash_of(secret),)
        client = OAuthClient(client_id, tenant.name, auth.scopes, "make run", SINCE, hashes)
        access.clients.save(client)
        return
    token = StoredToken(
        token_id=f"local-{tenant.name}",
        tenant=tenant.name,
        scopes=("*",),
        subject=SUBJECT if tenant.profile else None,
        label="make run",
        created_at=SINCE,
        expires_at="9999-12-31T00:00:00.000Z",
    )
    access.tokens.save(hash_of(token_of(tenant.name)), token)
