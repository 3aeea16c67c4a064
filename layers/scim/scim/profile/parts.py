"""The parts of a profile: frozen, named in JSON in camelCase, without unknown members."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal


def in_camel_case(name: str) -> str:
    """Return the name of a field in JSON: `location_base` is `locationBase`."""
    first_word, *other_words = name.split("_")
    return first_word + "".join(word.capitalize() for word in other_words)


class Part:
    """A group of switches; in JSON their names are in camelCase."""

    # Pydantic's configuration for reading a document (scim.profile.documents).
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {
        "alias_generator": in_camel_case,
        "extra": "forbid",
        "populate_by_name": True,
    }


EVERY = "*"


@dataclass(frozen=True, kw_only=True)
class Routing(Part):
    """How paths below the mount are read. Every path begins with a slash."""

    mounts: tuple[str, ...] = ()
    """The mounts, at which the API begins in a path, in addition to `/scim/v2`: `/v2`.

    A tenant can be before a mount, or in it: `/t/{tenant}/v2`.
    """
    location_base: str | None = None
    """The base URL of locations; None: the address and mount of the request."""
    any_case: bool = False
    """Whether segments other than ids can have any case."""
    lower_case: bool = False
    """Whether an endpoint can be in lower case: `/users` for `/Users`."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names of paths and of all below them: `/ResourceType` for `/ResourceTypes`."""
    deprecated: Mapping[str, str] = field(default_factory=dict)
    """Deprecated paths, and since when, in the form of RFC 9745 section 2.1: `@1483228800`."""
    methods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The methods of an endpoint, `/Users`, or of `*` for each not named; without either, all methods."""
    without: tuple[str, ...] = ()
    """Endpoints that are not served: `/Bulk`."""
    media_types: tuple[str, ...] = ()
    """The only media types of request bodies; empty: the usual ones."""
    filters_in_get_only: bool = False
    """Whether a `filter` in the URL is refused for methods other than GET."""
    tenant_after_mount: bool = False
    """Whether `/scim/v2/{tenant}/Users` means `/{tenant}/scim/v2/Users`."""

    def methods_of(self, endpoint: str) -> tuple[str, ...] | None:
        """Return the methods to which an endpoint is limited, None if it is not limited."""
        return self.methods.get(endpoint, self.methods.get(EVERY))


@dataclass(frozen=True, kw_only=True)
class PatchRules(Part):
    """PATCH (RFC 7644 section 3.5.2)."""

    perform_get: bool = False
    """Whether `performGet: false` in a request makes the response a 204."""
    quoted_selectors: bool = False
    """Whether a value filter can have the form `[extId='x']`."""
    needs_path: bool = False
    """Whether an operation without a path is refused."""
    needs_arrays: bool = False
    """Whether add and replace of a multi-valued attribute are refused with a value other than an array."""
    selects_parts_only: bool = False
    """Whether an add or replace is refused whose path ends in a filter and names no sub-attribute."""
    selects_one_only: bool = False
    """Whether a filter that selects several values is refused."""
    always_shows: bool = False
    """Whether the response has the resource, however many values its relations have."""
    replaces_whole: bool = False
    """Whether replace of a complex attribute clears the sub-attributes that are not sent."""
    refuses_unknown: Literal["invalidPath", "invalidSyntax"] = "invalidPath"
    """The scimType of a path that names no attribute."""

    @cached_property
    def is_subset(self) -> bool:
        """Whether it refuses some forms of operations that RFC 7644 allows."""
        is_limited = self.needs_path or self.needs_arrays or self.selects_parts_only
        return is_limited or self.refuses_unknown != "invalidPath"


@dataclass(frozen=True, kw_only=True)
class PutRules(Part):
    """PUT (RFC 7644 section 3.5.1)."""

    mode: Literal["replace", "merge"] = "replace"
    """Whether attributes that are not sent are cleared or kept."""
    immutable: Literal["refuse", "keep"] = "refuse"
    """Whether a new value for an immutable attribute is refused, or the stored one is kept."""


@dataclass(frozen=True, kw_only=True)
class BulkRules(Part):
    """`/Bulk` (RFC 7644 section 3.7)."""

    methods: tuple[str, ...] = ("POST", "PUT", "PATCH", "DELETE")
    sequential: bool = False
    exceeded_status: int = 200
    """The status of the whole response when failOnErrors is reached."""
    nameless_posts: bool = False
    """Whether a POST can lack a bulkId."""

    @property
    def takes_jobs(self) -> bool:
        """Whether a job can do what `/Bulk` does: jobs work in batches, by RFC 7644 section 3.7 only."""
        usual = {"POST", "PUT", "PATCH", "DELETE"}
        return not self.sequential and not self.nameless_posts and set(self.methods) == usual


@dataclass(frozen=True, kw_only=True)
class PagingRules(Part):
    """Lists (RFC 7644 section 3.4.2); None means the value of the deployment."""

    default_size: int | None = field(default=None, metadata={"ge": 1})
    most: int | None = field(default=None, metadata={"ge": 1})
    over_most: Literal["cut", "refuse"] = "cut"
    """Whether a `count` above `most` is reduced to it, or refused with 400 tooMany."""
    sort_by: str | None = None
    """The order of lists if the request has no sortBy."""
    searches_by_attribute: bool = False
    """Whether a search by POST can be `{"attribute": "userName", "value": "kim"}` (deprecated)."""
    paged_discovery: bool = False
    """Whether `/Schemas` and `/ResourceTypes` accept startIndex and count."""
    bulk_export: bool = False
    """Whether a list accepts `bulkImportFormat=true`."""
    picks_by: str | None = None
    """The sub-attribute by which `credentials[OTP]` in `attributes` selects values; None: names only."""
    bare_search: bool = False
    """Whether the body of a search can lack `schemas`."""
    is_announced: bool = True
    """Whether ServiceProviderConfig has `pagination` (RFC 9865), which clients of RFC 7643 can reject."""


@dataclass(frozen=True, kw_only=True)
class AuthRules(Part):
    """Who may call, and how permissions are named."""

    schemes: tuple[str, ...] = ()
    """The schemes in which clients of a tenant can send tokens, unless it has its own; empty: the usual ones."""
    permissions: Mapping[str, str] = field(default_factory=dict)
    """The vendor's names of permissions, by our names."""
    scopes: tuple[str, ...] = ()
    """The only scopes that credentials can have; empty: all."""
    minted_only: bool = False
    """Whether only tokens of the deployment's own token endpoint are accepted."""
    open_discovery: bool = False
    """Whether callers without a token can read the profile's discovery, which says nothing of the tenant."""
    me: Literal["off", "on", "create"] | None = None
    """Whether `/Me` is served; None: the deployment decides."""


IdKind = Literal["uuid", "number", "digits"]
"""A random UUID, or a counter as a JSON number or as a string of digits."""


@dataclass(frozen=True, kw_only=True)
class Errors(Part):
    """The shape of error responses. Mappings by kind use the kinds of `scim.errors`."""

    numeric_status: bool = False
    types: Mapping[str, int] = field(default_factory=dict)
    """`errorType` by kind, scimType or status, looked up in this order: `{"404": 1}`."""
    scim_types: Mapping[str, str] = field(default_factory=dict)
    """Other scimTypes, by kind or by status."""
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Other statuses, by kind."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Other details, by kind; `{subject}` stands for the resource type in question."""
    empty: frozenset[int] = frozenset()
    """Statuses whose responses have no body."""


@dataclass(frozen=True, kw_only=True)
class Wire(Part):
    """The shape of successful responses."""

    ids: Mapping[str, IdKind] = field(default_factory=dict)
    """The kind of ids by endpoint, `/Users`; a random UUID for endpoints not named."""
    list_key: str = "Resources"
    bulk_key: str = "Operations"
    bare_lists: frozenset[str] = frozenset()
    """Endpoints whose lists are a bare array of all matches: `/Groups`."""
    unlisted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The attributes that resources lack in the lists of an endpoint: `{"/Groups": ["schemas"]}`."""
    page: Literal["held", "asked"] = "held"
    """Whether itemsPerPage is the number of resources in the page, with startIndex, or the requested
    number, with startIndex only if the request had one."""
    statuses: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Other success statuses by endpoint (`*` for each not named) and method."""
    order: tuple[str, ...] = ()
    """The members at the beginning of every response, then all others, then those after a `*`."""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The order of an attribute's sub-attributes, in the same form."""
    has_version: bool = True
    """Whether meta has a version, and responses have an ETag."""
    has_empty_relations: bool = True
    """Whether a group without members has `"members": []`, or no such attribute (RFC 7643 section 2.5)."""
    time_zone: Literal["Z", "+00:00"] = "Z"
    errors: Errors = Errors()


@dataclass(frozen=True, kw_only=True)
class Domains(Part):
    """Which attributes hold `DOMAIN/name`, and how it is read. Without any names the other switches have no effect."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The attributes with such names, by resource type; the first is the name of its resources."""
    separator: str = "/"
    primary: str = "PRIMARY"
    """The domain of names without a domain; requests can contain it nevertheless."""
    parameter: str = "domain"
    """The parameter of lists and searches that selects one domain."""
    eq_is_exact: bool = True
    """Whether `eq "kim"` matches only in the primary domain, or in every domain."""

    def split(self, name: str) -> tuple[str | None, str]:
        """Return the domain in a name, None if it has none, and the rest of the name."""
        domain, separator, rest = name.partition(self.separator)
        return (domain, rest) if separator and domain else (None, name)

    def is_primary(self, domain: str) -> bool:
        return domain.lower() == self.primary.lower()

    def plain(self, name: str) -> str:
        """Return the plain form of a name, which omits the primary domain."""
        domain, rest = self.split(name)
        return rest if domain is not None and self.is_primary(domain) and rest else name
