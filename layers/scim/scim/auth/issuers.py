"""The issuers of a deployment, read from the documents operators gave."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from scim.access.issuer import Issuer, issuer_of

_LOG = logging.getLogger(__name__)


class Documents(Protocol):
    """The documents operators gave, as the store keeps them."""

    def named(self, issuer: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Return every tenant that trusts the issuer (the claim `iss`), with its document."""
        ...

    def of_tenant(self, tenant: str) -> Sequence[Mapping[str, Any]]:
        """Return the documents of the issuers one tenant trusts."""
        ...


@dataclass(frozen=True, slots=True)
class Issuers:
    """The issuers of a deployment. A document that is none trusts nobody."""

    documents: Documents

    def named(self, issuer: str) -> list[Issuer]:
        """Return every tenant's issuer whose tokens carry this `iss`."""
        found = _issuers(self.documents.named(issuer))
        return [one for one in found if one.issuer == issuer]

    def of_tenant(self, tenant: str) -> list[Issuer]:
        """Return what one tenant trusts."""
        return list(_issuers((tenant, one) for one in self.documents.of_tenant(tenant)))


def _issuers(documents: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Issuer]:
    for tenant, document in documents:
        try:
            yield issuer_of(document, tenant)
        except ValidationError:
            _LOG.exception("An issuer of tenant %s is left out.", tenant)
