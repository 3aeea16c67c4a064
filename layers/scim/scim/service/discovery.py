"""What this deployment announces, true to its settings (RFC 7643 sections 5 to 7)."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from scim.errors import NotFound
from scim.profile import Profile
from scim.profile.conformance import conformance_of
from scim.resource.history.feed import Feed
from scim.schema.catalogue import Catalogue
from scim.schema.documents import RESOURCE_TYPE_URN, SCHEMA_URN
from scim.schema.served import (
    resource_type_json,
    schema_json,
    with_enforced_uniqueness,
    writable,
)
from scim.service.endpoint import Bounds
from scim.service.feed.events import ASYNC, EVENT_URIS

CLIENT: Final = "client"
"""Listed with the ways to send a token if this deployment issues short-lived ones."""

_BEARER: Final = {
    "type": "oauthbearertoken",
    "name": "Bearer token",
    "description": "A token in the Authorization header after the word Bearer.",
    "specUri": "https://www.rfc-editor.org/info/rfc6750",
}
_BARE: Final = {**_BEARER, "description": "A token in the Authorization header, without any word."}
_EITHER: Final = {
    **_BEARER,
    "description": "A token in the Authorization header, after the word Bearer or without any word.",
}
_BASIC: Final = {
    "type": "httpbasic",
    "name": "HTTP Basic",
    "description": "A token as the password, with its id as the user name.",
    "specUri": "https://www.rfc-editor.org/info/rfc7617",
}
_TOKEN: Final = {
    "type": "oauthbearertoken",
    "name": "Token",
    "description": "A token in the Authorization header after the word Token.",
}
_CLIENT: Final = {
    "type": "oauth2",
    "name": "OAuth 2.0 client credentials",
    "description": (
        "A short-lived Bearer token for a client's secret or signed assertion;"
        " /.well-known/oauth-authorization-server says where."
    ),
    "specUri": "https://www.rfc-editor.org/info/rfc6749",
}


FIRST_TYPE = "User"
"""The resource type listed before the others."""


def authentication_schemes(ways: Collection[str]) -> list[dict[str, object]]:
    """Return the authenticationSchemes for a tenant's ways to send a token; the first is primary."""
    schemes = []
    if "bearer" in ways:
        schemes.append(_EITHER if "bare" in ways else _BEARER)
    elif "bare" in ways:
        schemes.append(_BARE)
    schemes += [
        scheme for direction, scheme in (("basic", _BASIC), ("token", _TOKEN)) if direction in ways
    ]
    # The token endpoint issues Bearer tokens.
    if CLIENT in ways and not {"bearer", "bare"}.isdisjoint(ways):
        schemes.append(_CLIENT)
    return [{**scheme, "primary": number == 0} for number, scheme in enumerate(schemes)]


CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
CONFORMANCE_URN = (
    "urn:serverless-scim:params:scim:schemas:extension:conformance:1.0:ServiceProviderConfig"
)
USUAL_SCHEMES = ("bearer",)
_LEAST_PAGE: Final = 100
"""The count that draft-zollner-scim-interop-profile-01 section 6.4 requires a server to grant."""
_LEAST_RATE: Final = 25
"""The requests a second that section 4.3 of the IPSIE AL SCIM 2.0 Profile requires."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The discovery resources of one tenant; `base_url` ends in `/scim/v2`."""

    catalogue: Catalogue
    bounds: Bounds
    profile: Profile = field(default_factory=Profile)

    @classmethod
    def under(cls, profile: Profile, catalogue: Catalogue, bounds: Bounds) -> "Discovery":
        """Return the discovery resources of tenants with a profile."""
        return cls(catalogue, bounds.under(profile.paging), profile)

    def config(
        self,
        base_url: str,
        ways: Collection[str] = USUAL_SCHEMES,
        rate: int | None = None,
        feed: Feed | None = None,
    ) -> dict[str, object]:
        """Return the ServiceProviderConfig resource.

        `ways` are the ways in which tokens are accepted, `rate` the tenant's own limit in requests a
        second, `feed` the tenant's feed settings; None means the deployment's.
        """
        if feed is not None:
            bounds = replace(self.bounds, feed_days=feed.days if feed.is_on else 0)
            return replace(self, bounds=bounds).config(base_url, ways, rate)
        claims = self._conformance(ways, rate)
        return {
            "schemas": [CONFIG_URN, *(schema for schema in claims if schema == CONFORMANCE_URN)],
            "patch": {"supported": True},
            "bulk": {
                "supported": "/Bulk" not in self.profile.routing.without,
                "maxOperations": self.bounds.bulk_operations,
                "maxPayloadSize": self.bounds.bulk_payload_bytes,
            },
            "filter": {"supported": True, "maxResults": self.bounds.max_page_size},
            "changePassword": {"supported": False},
            "sort": {"supported": True},
            "etag": {"supported": True},
            **self._pagination(),
            "authenticationSchemes": authentication_schemes(ways),
            **self._announced(),
            **claims,
            "meta": _meta("ServiceProviderConfig", f"{base_url}/ServiceProviderConfig"),
        }

    def _pagination(self) -> dict[str, object]:
        """Return the member of RFC 9865 section 4, unless the profile hides it."""
        if not self.profile.paging.is_announced:
            return {}
        return {
            "pagination": {
                "cursor": True,
                "index": True,
                "defaultPaginationMethod": "index",
                "defaultPageSize": self.bounds.page_size,
                "maxPageSize": self.bounds.max_page_size,
                "cursorTimeout": self.bounds.cursor_seconds,
            }
        }

    def _announced(self) -> dict[str, object]:
        """Return what is served beyond RFC 7643 and RFC 9865, when the profile announces it.

        Clients that model only those RFCs reject a configuration with more members.
        """
        if not self.profile.exact_discovery:
            return {}
        return {**self._delta_query(), **self._security_events()}

    def _conformance(self, ways: Collection[str], rate: int | None) -> dict[str, object]:
        """Return what a conformance run found for this profile, if this tenant is served as in that run.

        interopProfileConformant is defined in draft-zollner-scim-interop-profile-01 section 4.
        """
        conformance = conformance_of(self.profile.name) if self.profile.exact_discovery else None
        if conformance is None or conformance.interop is None:
            return {}
        is_interop = conformance.interop and self.bounds.max_page_size >= _LEAST_PAGE
        claims: dict[str, object] = {"release": conformance.release}
        granted = self.bounds.rate if rate is None else rate
        is_fast = granted == 0 or granted >= _LEAST_RATE
        if is_interop and conformance.ipsie_level and is_fast and CLIENT in ways:
            claims["ipsieLevel"] = conformance.ipsie_level
        return {"interopProfileConformant": is_interop, CONFORMANCE_URN: claims}

    def _security_events(self) -> dict[str, object]:
        """Return the members of RFC 9967 section 4 when there is a feed.

        Without a feed a request may still be asynchronous (RFC 7240), but no event reports its completion.
        """
        if not self.bounds.feed_days:
            return {}
        routing = self.profile.routing
        methods = routing.methods_of("/Bulk") or ("POST",)
        is_served = "/Bulk" not in routing.without and "/Jobs" not in routing.without
        has_jobs = is_served and "POST" in methods and self.profile.bulk.takes_jobs
        uris = [uri for uri in EVENT_URIS if has_jobs or uri != ASYNC]
        claims = {"asyncRequest": "request" if has_jobs else "none", "eventUris": uris}
        return {"securityEvents": claims}

    def _delta_query(self) -> dict[str, object]:
        """Return the members of draft-sehgal-scim-delta-query-02 when there is a feed."""
        if not self.bounds.feed_days:
            return {}
        names = [stored_type.name for stored_type in self.catalogue.stored_types]
        return {
            "deltaQuery": {
                "supported": True,
                "deltaTokenExpiry": self.bounds.feed_days * 86400,
                "supportedResources": ["ServerRoot", *names],
            }
        }

    def schemas(self, base_url: str) -> list[dict[str, object]]:
        """Return every schema that a served resource can use."""
        return [self.schema(base_url, schema.id) for schema in self.catalogue.schemas]

    def schema(self, base_url: str, uri: str) -> dict[str, object]:
        """Return one schema. Raises NotFound."""
        schema = self.catalogue.schema(uri)
        if schema is None:
            raise NotFound("There is no schema with this URI.")
        if self.profile.exact_discovery:
            schema = with_enforced_uniqueness(schema, self.catalogue.resource_types)
        meta = _meta("Schema", f"{base_url}/Schemas/{schema.id}")
        return {"schemas": [SCHEMA_URN], **schema_json(schema), "meta": meta}

    def resource_types(self, base_url: str) -> list[dict[str, object]]:
        """Return every served resource type, User first, as in RFC 7643 section 8.6."""
        types = sorted(
            self.catalogue.resource_types,
            key=lambda resource_type: resource_type.name != FIRST_TYPE,
        )
        names = [resource_type.name for resource_type in types]
        return [self.resource_type(base_url, name) for name in names]

    def resource_type(self, base_url: str, name: str) -> dict[str, object]:
        """Return one resource type. Raises NotFound."""
        resource_type = self.catalogue.resource_type(name)
        if resource_type is None:
            raise NotFound("There is no resource type with this name.")
        meta = _meta("ResourceType", f"{base_url}/ResourceTypes/{resource_type.name}")
        extensions = (
            resource_type.extensions if self.profile.exact_discovery else writable(resource_type)
        )
        document = resource_type_json(resource_type, extensions)
        return {"schemas": [RESOURCE_TYPE_URN], **document, "meta": meta}


def _meta(resource_type: str, location: str) -> dict[str, object]:
    return {"resourceType": resource_type, "location": location}
