"""The issuers of a deployment, read from the operators' documents."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from scim.access.issuer import Issuer, issuer_of

_LOG = logging.getLogger(__name__)


class Documents(Protocol):
    """The stored documents of issuers."""

    def named(self, issuer: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Return each tenant that trusts the issuer (the claim `iss`), with that tenant's document."""
        ...

    def of_tenant(self, tenant: str) -> Sequence[Mapping[str, Any]]:
        """Return the documents of the issuers that a tenant trusts."""
        ...


@dataclass(frozen=True, slots=True)
class Issuers:
    """The issuers of a deployment. An invalid document is ignored."""

    documents: Documents

    def named(self, issuer: str) -> list[Issuer]:
        """Return the issuers, of all tenants, whose tokens have this `iss`."""
        issuers = _issuers(self.documents.named(issuer))
        return [candidate for candidate in issuers if candidate.issuer == issuer]

    def of_tenant(self, tenant: str) -> list[Issuer]:
        """Return the issuers that a tenant trusts."""
        return list(_issuers((tenant, document) for document in self.documents.of_tenant(tenant)))


def _issuers(documents: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Issuer]:
    for tenant, document in documents:
        try:
            yield issuer_of(document, tenant)
        except ValidationError:
            _LOG.exception("An issuer of tenant %s is left out.", tenant)
