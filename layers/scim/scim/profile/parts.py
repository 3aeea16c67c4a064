"""The parts of a profile: names as in JSON, nothing unknown, no changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal


def in_camel_case(name: str) -> str:
    """Return the name a field has in JSON: `location_base` is `locationBase`."""
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)


class Part:
    """A group of switches; in JSON their names are in camelCase."""

    # What pydantic heeds when it reads a document (scim.profile.documents).
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {
        "alias_generator": in_camel_case,
        "extra": "forbid",
        "populate_by_name": True,
    }


EVERY = "*"


@dataclass(frozen=True, kw_only=True)
class Routing(Part):
    """How paths below the mount are read; every path begins with a slash."""

    mounts: tuple[str, ...] = ()
    """Where the API begins in a path, beside `/scim/v2`: `/v2`.

    A tenant may stand before a mount, or in it: `/t/{tenant}/v2`.
    """
    location_base: str | None = None
    """What locations begin with; None: the address and mount of the request."""
    any_case: bool = False
    """Whether the segments that are not ids may be written in any case."""
    lower_case: bool = False
    """Whether an endpoint may be written in lower case: `/users` for `/Users`."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names of paths, `/ResourceType` for `/ResourceTypes`; what is below goes along."""
    deprecated: Mapping[str, str] = field(default_factory=dict)
    """Paths that clients should leave, and since when, as RFC 9745 section 2.1 has it: `@1483228800`."""
    methods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The methods an endpoint serves, `/Users` or `*` for each not named; else all it has."""
    without: tuple[str, ...] = ()
    """Endpoints that are not there: `/Bulk`."""
    media_types: tuple[str, ...] = ()
    """The only ones a body may be of, named as they are here; empty: as usual."""
    filters_in_get_only: bool = False
    """Whether a `filter` in the URL of another method is refused."""
    tenant_after_mount: bool = False
    """Whether `/scim/v2/{tenant}/Users` is read as `/{tenant}/scim/v2/Users`."""

    def methods_of(self, endpoint: str) -> tuple[str, ...] | None:
        """Return the methods an endpoint is limited to, None when it is not."""
        return self.methods.get(endpoint, self.methods.get(EVERY))


@dataclass(frozen=True, kw_only=True)
class PatchRules(Part):
    """PATCH (RFC 7644 section 3.5.2)."""

    perform_get: bool = False
    """Whether a request may say `performGet: false` to be answered 204."""
    quoted_selectors: bool = False
    """Whether a value filter may be written `[extId='x']`."""
    needs_path: bool = False
    """Whether an operation without a path is refused."""
    needs_arrays: bool = False
    """Whether add and replace of a multi-valued attribute are refused another value than an array."""
    selects_parts_only: bool = False
    """Whether a path that ends in a filter is refused: it has to name a sub-attribute."""
    selects_one_only: bool = False
    """Whether a filter that selects several values is refused."""
    always_shows: bool = False
    """Whether the answer is the resource, however many values its relations have."""
    replaces_whole: bool = False
    """Whether replace of a complex attribute clears the sub-attributes left out."""
    refuses_unknown: Literal["invalidPath", "invalidSyntax"] = "invalidPath"
    """The scimType of a path that names no attribute."""

    @cached_property
    def is_subset(self) -> bool:
        """Whether some forms of operations are refused that RFC 7644 allows."""
        is_limited = self.needs_path or self.needs_arrays or self.selects_parts_only
        return is_limited or self.refuses_unknown != "invalidPath"


@dataclass(frozen=True, kw_only=True)
class PutRules(Part):
    """PUT (RFC 7644 section 3.5.1)."""

    mode: Literal["replace", "merge"] = "replace"
    """Whether attributes left out are cleared or kept."""
    immutable: Literal["refuse", "keep"] = "refuse"
    """What becomes of a new value for an immutable attribute."""


@dataclass(frozen=True, kw_only=True)
class BulkRules(Part):
    """`/Bulk` (RFC 7644 section 3.7)."""

    methods: tuple[str, ...] = ("POST", "PUT", "PATCH", "DELETE")
    sequential: bool = False
    exceeded_status: int = 200
    """The status of the whole answer when failOnErrors is reached."""
    nameless_posts: bool = False
    """Whether a POST may come without a bulkId."""

    @property
    def takes_jobs(self) -> bool:
        """Whether a job does what `/Bulk` does: in batches, what RFC 7644 section 3.7 has."""
        usual = {"POST", "PUT", "PATCH", "DELETE"}
        return not self.sequential and not self.nameless_posts and set(self.methods) == usual


@dataclass(frozen=True, kw_only=True)
class PagingRules(Part):
    """Lists (RFC 7644 section 3.4.2); None is what the deployment has."""

    default_size: int | None = field(default=None, metadata={"ge": 1})
    most: int | None = field(default=None, metadata={"ge": 1})
    over_most: Literal["cut", "refuse"] = "cut"
    """What becomes of a larger `count`: as many as there may be, or 400 tooMany."""
    sort_by: str | None = None
    """The order of lists that ask for none."""
    searches_by_attribute: bool = False
    """Whether a search by POST may be `{"attribute": "userName", "value": "kim"}` (deprecated)."""
    paged_discovery: bool = False
    """Whether `/Schemas` and `/ResourceTypes` take startIndex and count."""
    bulk_export: bool = False
    """Whether a list may ask for `bulkImportFormat=true`."""
    picks_by: str | None = None
    """The sub-attribute `credentials[OTP]` in `attributes` picks values by; None: names only."""
    bare_search: bool = False
    """Whether the body of a search may come without `schemas`."""


@dataclass(frozen=True, kw_only=True)
class AuthRules(Part):
    """Who may call, and how permissions are named."""

    schemes: tuple[str, ...] = ()
    """How clients of a new tenant may send tokens; empty: as usual."""
    permissions: Mapping[str, str] = field(default_factory=dict)
    """The vendor's name of a permission by ours."""
    scopes: tuple[str, ...] = ()
    """The only scopes that credentials may have; empty: any."""
    minted_only: bool = False
    """Whether tokens of the deployment's own token endpoint are the only ones taken."""
    open_discovery: bool = False
    """Whether who has no token is told what the profile serves, and nothing of the tenant."""
    me: Literal["off", "on", "create"] | None = None
    """Whether `/Me` is served; None: as the deployment says."""


IdKind = Literal["uuid", "number", "digits"]
"""A random UUID, or a number that counts up, as JSON number or as string of digits."""


@dataclass(frozen=True, kw_only=True)
class Errors(Part):
    """The shape of refusals; what is said by kind is for the kinds of `scim.errors`."""

    numeric_status: bool = False
    types: Mapping[str, int] = field(default_factory=dict)
    """`errorType` by kind, by scimType or by status, looked for in this order: `{"404": 1}`."""
    scim_types: Mapping[str, str] = field(default_factory=dict)
    """Other scimTypes, by kind or by status."""
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Other statuses, by kind."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Other words, by kind; `{subject}` stands for the resource type it is about."""
    empty: frozenset[int] = frozenset()
    """Statuses that are answered without a body."""


@dataclass(frozen=True, kw_only=True)
class Wire(Part):
    """The shape of answers."""

    ids: Mapping[str, IdKind] = field(default_factory=dict)
    """The kind of ids by endpoint, `/Users`; a random UUID where it is not named."""
    list_key: str = "Resources"
    bulk_key: str = "Operations"
    bare_lists: frozenset[str] = frozenset()
    """Endpoints that list with nothing around the array, and all there is: `/Groups`."""
    unlisted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What resources go without in the lists of an endpoint: `{"/Groups": ["schemas"]}`."""
    page: Literal["held", "asked"] = "held"
    """Whether itemsPerPage is what the page holds, with startIndex, or what a page was asked to
    hold, with startIndex for who sent one."""
    statuses: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Other statuses of success by endpoint (`*` for each not named) and method."""
    order: tuple[str, ...] = ()
    """The members every answer begins with, then all others, then those after a `*`."""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The order of an attribute's parts, likewise."""
    has_version: bool = True
    """Whether meta has a version and answers an ETag."""
    time_zone: Literal["Z", "+00:00"] = "Z"
    errors: Errors = Errors()


@dataclass(frozen=True, kw_only=True)
class Domains(Part):
    """Which names these are, and what they mean; without any the rest means nothing."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The attributes by resource type: first what its resources are called."""
    separator: str = "/"
    primary: str = "PRIMARY"
    """The domain of names that say none; on the way in it may be written all the same."""
    parameter: str = "domain"
    """The parameter of lists and searches that names the only domain wanted."""
    eq_is_exact: bool = True
    """Whether `eq "kim"` is about the primary domain alone, else about kim in every domain."""

    def parted(self, name: str) -> tuple[str | None, str]:
        """Return the domain a name says it is of, None where it says none, and the rest."""
        domain, separator, rest = name.partition(self.separator)
        return (domain, rest) if separator and domain else (None, name)

    def is_primary(self, domain: str) -> bool:
        return domain.lower() == self.primary.lower()

    def plain(self, name: str) -> str:
        """Return the one way a name is written: of the primary domain without it."""
        domain, rest = self.parted(name)
        return rest if domain is not None and self.is_primary(domain) and rest else name
