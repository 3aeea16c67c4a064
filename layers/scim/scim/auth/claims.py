"""Converts verified claims to a principal of the issuer's tenant."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scim.access.issuer import Issuer
from scim.access.token import hash_of
from scim.auth.jws import NotBelieved
from scim.principal import Principal, issuer_owner

_MAX_SUBJECT = 512


def principal_in(claims: Mapping[str, Any], issuer: Issuer, token: str) -> Principal:
    """Return the principal of verified claims. Raises NotBelieved when a required claim differs."""
    if not has_claims_of(claims, issuer):
        raise NotBelieved("does not say what the issuer's tokens for this tenant say")
    token_hash = hash_of(token)
    return Principal(
        tenant=issuer.tenant,
        # Identifies the token without revealing it; `jti` is optional, and unique only per issuer.
        token_id=f"{issuer.kind}-{token_hash[:32]}",
        scopes=scopes_in(claims, issuer),
        subject=_subject(claims.get(issuer.subject_claim), issuer),
        filters=json.dumps(dict(issuer.filters), separators=(",", ":")) if issuer.filters else "",
        owner=_owner(claims, issuer, token_hash),
    )


def has_claims_of(claims: Mapping[str, Any], issuer: Issuer) -> bool:
    """Return whether the claims have the values that distinguish the issuer's tokens for its tenant."""
    return all(claims.get(name) == value for name, value in issuer.claims.items())


def _owner(claims: Mapping[str, Any], issuer: Issuer, token_hash: str) -> str:
    """Return the owner of the token: a subject or client of the issuer, else the token itself."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        subject = claims.get("client_id")
    owner_hash = hash_of(subject) if isinstance(subject, str) and subject else token_hash
    return issuer_owner(hash_of(issuer.issuer), owner_hash[:32])


def scopes_in(claims: Mapping[str, Any], issuer: Issuer) -> frozenset[str]:
    """Return the bearer's scopes, in our own names."""
    words = _permitted(claims, issuer.uma.resource_id) if issuer.uma else _words(claims, issuer)
    names = issuer.scoping.names
    return frozenset(issuer.scoping.always).union(*(names.get(word, ()) for word in words))


def _words(claims: Mapping[str, Any], issuer: Issuer) -> Iterator[str]:
    for name in issuer.scoping.claims:
        value = claims.get(name)
        if isinstance(value, str):
            yield from value.split(" ")
        elif isinstance(value, list):
            yield from (word for word in value if isinstance(word, str))


def _permitted(claims: Mapping[str, Any], resource_id: str) -> Iterator[str]:
    """Yield the scopes of an RPT on our resource (UMA 2.0 Federated Authorization section 5.1.1)."""
    permissions = claims.get("permissions")
    for permission in permissions if isinstance(permissions, list) else ():
        if isinstance(permission, dict) and permission.get("resource_id") == resource_id:
            scopes = permission.get("resource_scopes")
            words = scopes if isinstance(scopes, list) else ()
            yield from (word for word in words if isinstance(word, str))


def _subject(value: object, issuer: Issuer) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_SUBJECT:
        return None
    return f"{issuer.subject_attribute}:{value}"
