"""Who may operate a deployment, by the claims of their identity provider."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Admission:
    """The values of each claim that admit a person; one value of one claim is enough.

    A value of `email` that begins with @ means all addresses of a domain. An address counts only if the
    provider has verified it (`email_verified`, OpenID Connect Core 1.0 section 5.1).
    """

    claims: Mapping[str, Sequence[str]]

    def admits(self, claims: Mapping[str, Any]) -> bool:
        """Return whether the claims admit their person."""
        return any(self._meets(name, claims) for name in self.claims)

    def _meets(self, name: str, claims: Mapping[str, Any]) -> bool:
        claim = claims.get(name)
        values = claim if isinstance(claim, list) else [claim]
        texts = [value for value in values if isinstance(value, str) and value]
        if name != _EMAIL:
            return not set(texts).isdisjoint(self.claims[name])
        admitted = {value.casefold() for value in self.claims[name]}
        addresses = [text.casefold() for text in texts]
        domains = [f"@{address.rpartition('@')[2]}" for address in addresses if "@" in address]
        return verified_email(claims) != "" and not admitted.isdisjoint([*addresses, *domains])


def verified_email(claims: Mapping[str, Any]) -> str:
    """Return the address that the provider has verified, empty if there is none."""
    address = claims.get(_EMAIL)
    is_verified = claims.get("email_verified") is True
    return address if is_verified and isinstance(address, str) else ""


def admission_of(text: str) -> Admission:
    """Return the admission in a document, `{"groups": ["operators"], "email": ["@example.com"]}`.

    Raises ValueError, which says what was expected.
    """
    try:
        claims = dict(json.loads(text).items())
    except (ValueError, AttributeError) as error:
        raise ValueError("expected a JSON object of claims and lists of values") from error
    for name, values in claims.items():
        if not (
            isinstance(values, list)
            and values
            and all(isinstance(value, str) and value for value in values)
        ):
            raise ValueError(f"{name}: expected a list of texts")
    return Admission(claims)
