"""What a deployment can set: read once from the environment, by functions only."""

import os
from collections.abc import Callable
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from scim.filter.limits import FilterLimits
from scim.service.bounds import Bounds


class Settings(BaseModel):
    """Bounds and names of one deployment; every field has the environment name of its alias.

    Sizes are in bytes, lengths in characters, limits are inclusive.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    table_name: str = Field(default="", alias="TABLE_NAME")
    resource_type: str = Field(default="*", alias="RESOURCE_TYPE")
    base_url: str = Field(default="", alias="SCIM_BASE_URL")
    """Scheme, host and stage before `/scim/v2`; empty: taken from the request context."""
    meters: bool = Field(default=False, alias="SCIM_METER")
    minimum_token_length: int = Field(default=40, ge=1, alias="SCIM_MINIMUM_TOKEN_LENGTH")
    max_body_bytes: int = Field(default=1_048_576, ge=1, alias="SCIM_MAX_BODY_BYTES")
    max_filter_length: int = Field(default=4096, ge=1, alias="SCIM_MAX_FILTER_LENGTH")
    max_filter_terms: int = Field(default=100, ge=1, alias="SCIM_MAX_FILTER_TERMS")
    max_filter_depth: int = Field(default=20, ge=1, alias="SCIM_MAX_FILTER_DEPTH")
    max_patch_operations: int = Field(default=1000, ge=1, alias="SCIM_MAX_PATCH_OPERATIONS")
    max_members: int = Field(default=10_000, ge=1, alias="SCIM_MAX_MEMBERS")
    """Values of one relation in one request."""
    max_inline_members: int = Field(default=10_000, ge=0, alias="SCIM_MAX_INLINE_MEMBERS")
    """Values of one relation in one answer."""
    max_patch_answer_members: int = Field(default=8, ge=0, alias="SCIM_MAX_PATCH_ANSWER_MEMBERS")
    """Values of one relation up to which a PATCH answers with the resource, 204 beyond."""
    page_size: int = Field(default=100, ge=1, alias="SCIM_PAGE_SIZE")
    max_page_size: int = Field(default=1000, ge=1, alias="SCIM_MAX_PAGE_SIZE")
    max_scanned: int = Field(default=100_000, ge=1, alias="SCIM_MAX_SCANNED")
    """Resources one query may read when no index answers it."""

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings a function was deployed with.

        Raises pydantic.ValidationError naming the variable that does not fit.
        """
        return cls.model_validate(dict(os.environ))

    def bounds(self) -> Bounds:
        """Return how much one request may ask for."""
        return Bounds(
            filter=FilterLimits(
                length=self.max_filter_length,
                terms=self.max_filter_terms,
                depth=self.max_filter_depth,
            ),
            patch_operations=self.max_patch_operations,
            members=self.max_members,
            inline_members=self.max_inline_members,
            patch_answer_members=self.max_patch_answer_members,
            page_size=self.page_size,
            max_page_size=self.max_page_size,
            scanned=self.max_scanned,
        )

    def metered(self, cost: Callable[[], str]) -> Callable[[], str] | None:
        """Return the meter where answers shall carry what they cost, else None."""
        return cost if self.meters else None
