"""What a profile's answers look like where they differ from the RFCs' JSON."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from scim.profile.part import Part

IdKind = Literal["uuid", "number", "digits"]
"""A random UUID, or a number that counts up, as JSON number or as string of digits."""


class Errors(Part):
    """The shape of refusals; what is said by kind is for the kinds of `scim.errors`."""

    numeric_status: bool = False
    types: Mapping[str, int] = Field(default_factory=dict)
    """`errorType` by kind, by scimType or by status, looked for in this order: `{"404": 1}`."""
    scim_types: Mapping[str, str] = Field(default_factory=dict)
    """Other scimTypes, by kind or by status."""
    statuses: Mapping[str, int] = Field(default_factory=dict)
    """Other statuses, by kind."""
    details: Mapping[str, str] = Field(default_factory=dict)
    """Other words, by kind; `{subject}` stands for the resource type it is about."""
    empty: frozenset[int] = frozenset()
    """Statuses that are answered without a body."""


class Wire(Part):
    """The shape of answers."""

    ids: Mapping[str, IdKind] = Field(default_factory=dict)
    """The kind of ids by endpoint, `/Users`; a random UUID where it is not named."""
    list_key: str = "Resources"
    bulk_key: str = "Operations"
    bare_lists: frozenset[str] = frozenset()
    """Endpoints that list with nothing around the array, and all there is: `/Groups`."""
    unlisted: Mapping[str, frozenset[str]] = Field(default_factory=dict)
    """What resources go without in the lists of an endpoint: `{"/Groups": ["schemas"]}`."""
    page: Literal["held", "asked"] = "held"
    """Whether itemsPerPage is what the page holds, with startIndex, or what a page was asked to
    hold, with startIndex for who sent one."""
    statuses: Mapping[str, Mapping[str, int]] = Field(default_factory=dict)
    """Other statuses of success by endpoint (`*` for each not named) and method."""
    order: tuple[str, ...] = ()
    """The members every answer begins with, then all others, then those after a `*`."""
    parts: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """The order of an attribute's parts, likewise."""
    has_version: bool = True
    """Whether meta has a version and answers an ETag."""
    time_zone: Literal["Z", "+00:00"] = "Z"
    errors: Errors = Errors()
