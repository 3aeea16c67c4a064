"""Who calls: the tenant a token belongs to and what the token allows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one request, as the authorizer established it.

    `token_id` names the credential without revealing it; `scopes` grant permissions;
    `subject` is whose resource `/Me` is, as `id:…`, `userName:…` or `externalId:…`;
    `rate` is the tenant's own limit in requests a second, None for the deployment's;
    `filters` say which resources exist for the caller, as JSON, empty for all of them;
    `schemes` are the ways in which the tenant's clients may send a token;
    `definitions` is the version of the tenant's own, empty for none.
    """

    tenant: str
    token_id: str
    scopes: frozenset[str] = frozenset()
    subject: str | None = None
    profile: str = ""
    rate: int | None = None
    filters: str = ""
    schemes: tuple[str, ...] = ()
    definitions: str = ""
