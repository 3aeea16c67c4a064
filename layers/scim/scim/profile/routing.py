"""Where a profile's clients find things: paths, methods and what locations look like."""

from collections.abc import Mapping

from pydantic import Field

from scim.profile.part import Part

EVERY = "*"


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
    aliases: Mapping[str, str] = Field(default_factory=dict)
    """Other names of paths, `/ResourceType` for `/ResourceTypes`; what is below goes along."""
    deprecated: Mapping[str, str] = Field(default_factory=dict)
    """Paths that clients should leave, and since when, as RFC 9745 section 2.1 has it: `@1483228800`."""
    methods: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
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
