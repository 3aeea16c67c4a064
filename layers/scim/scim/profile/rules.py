"""How a profile's operations behave where vendors differ from RFC 7644, or it leaves a choice."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from scim.profile.part import Part


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

    @property
    def is_subset(self) -> bool:
        """Whether some forms of operations are refused that RFC 7644 allows."""
        is_limited = self.needs_path or self.needs_arrays or self.selects_parts_only
        return is_limited or self.refuses_unknown != "invalidPath"


class PutRules(Part):
    """PUT (RFC 7644 section 3.5.1)."""

    mode: Literal["replace", "merge"] = "replace"
    """Whether attributes left out are cleared or kept."""
    immutable: Literal["refuse", "keep"] = "refuse"
    """What becomes of a new value for an immutable attribute."""


class BulkRules(Part):
    """`/Bulk` (RFC 7644 section 3.7)."""

    methods: tuple[str, ...] = ("POST", "PUT", "PATCH", "DELETE")
    sequential: bool = False
    exceeded_status: int = 200
    """The status of the whole answer when failOnErrors is reached."""
    nameless_posts: bool = False
    """Whether a POST may come without a bulkId."""


class PagingRules(Part):
    """Lists (RFC 7644 section 3.4.2); None is what the deployment has."""

    default_size: int | None = Field(default=None, ge=1)
    most: int | None = Field(default=None, ge=1)
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


class AuthRules(Part):
    """Who may call, and how permissions are named."""

    schemes: tuple[str, ...] = ()
    """How clients of a new tenant may send tokens; empty: as usual."""
    permissions: Mapping[str, str] = Field(default_factory=dict)
    """The vendor's name of a permission by ours."""
    me: Literal["off", "on", "create"] | None = None
    """Whether `/Me` is served; None: as the deployment says."""
