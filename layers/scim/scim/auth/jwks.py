"""The public keys of issuers, cached between requests."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from scim.access.public_key import algorithms_of
from scim.auth.http_client import UnreachableError
from scim.auth.jws import IssuerSilent, NotBelieved
from scim.expiring_cache import ExpiringCache

FRESH = 600.0
"""Seconds for which keys are used before they are fetched again."""
STALE = 3600.0
"""Seconds for which keys are used if the issuer does not respond."""
COOLDOWN = 30.0
"""The least seconds between two fetches, however many unknown key ids arrive."""
MAX_KEYS = 100

_PUBLIC_MEMBERS = {"kty", "crv", "n", "e", "x", "y"}

Fetch = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key, for one algorithm."""

    kid: str | None
    algorithm: str
    jwk: PyJWK


@dataclass(frozen=True, slots=True)
class _CachedKeys:
    keys: tuple[PublicKey, ...] = ()
    fetched_at: float = float("-inf")
    tried_at: float = float("-inf")


@dataclass(frozen=True, slots=True)
class KeySets:
    """Key sets by their URI; one object serves all requests of a process."""

    fetch: Fetch
    clock: Callable[[], float] = time.monotonic
    _cached: ExpiringCache[str, _CachedKeys] = field(default_factory=ExpiringCache)

    def key(self, uri: str, kid: str | None, algorithm: str) -> PublicKey:
        """Return the key of an issuer. Raises NotBelieved unless exactly one key matches.

        Without `kid`, the issuer must have a single key for the algorithm. Raises IssuerSilent when
        no key matches and the issuer did not respond to the last fetch.
        """
        cached = self._cached.get(uri) or _CachedKeys()
        now = self.clock()
        matches = _matches(cached.keys, kid, algorithm) if now - cached.fetched_at < STALE else ()
        if (not matches or now - cached.fetched_at >= FRESH) and now - cached.tried_at >= COOLDOWN:
            cached = self._refreshed(uri, cached)
            self._cached.keep(uri, cached, STALE)
            matches = (
                _matches(cached.keys, kid, algorithm) if now - cached.fetched_at < STALE else ()
            )
        if not matches and cached.tried_at > cached.fetched_at:
            raise IssuerSilent("The issuer's keys could not be read.")
        if len(matches) != 1:
            raise NotBelieved("signed with a key the issuer does not publish")
        return matches[0]

    def _refreshed(self, uri: str, cached: _CachedKeys) -> _CachedKeys:
        now = self.clock()
        try:
            return _CachedKeys(keys_of(self.fetch(uri)), now, now)
        except (UnreachableError, NotBelieved):
            return _CachedKeys(cached.keys, cached.fetched_at, now)


def keys_of(document: Mapping[str, Any]) -> tuple[PublicKey, ...]:
    """Return the usable keys of a JWK set (RFC 7517 section 5); ignores others. Raises NotBelieved."""
    jwks = document.get("keys")
    if not isinstance(jwks, list) or len(jwks) > MAX_KEYS:
        raise NotBelieved("the issuer's key set is none")
    return tuple(key for jwk in jwks if isinstance(jwk, dict) for key in _keys(jwk))


def _keys(jwk: Mapping[str, Any]) -> list[PublicKey]:
    kid = jwk.get("kid")
    if not (kid is None or isinstance(kid, str)):
        return []
    # Only the public members: if a set leaks a private key, we do not keep it.
    public_members = {name: value for name, value in jwk.items() if name in _PUBLIC_MEMBERS}
    try:
        return [
            PublicKey(kid, algorithm, PyJWK(public_members, algorithm))
            for algorithm in algorithms_of(jwk)
        ]
    except PyJWTError:
        return []


def _matches(keys: tuple[PublicKey, ...], kid: str | None, algorithm: str) -> tuple[PublicKey, ...]:
    return tuple(
        key for key in keys if key.algorithm == algorithm and (kid is None or key.kid == kid)
    )
