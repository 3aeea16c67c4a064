"""How much one request may ask for."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from scim.errors import TooMany
from scim.filter.parsing.limits import FilterLimits
from scim.profile.parts import PagingRules
from scim.resource.budget import COMPARISONS, VALUES, RequestBudget, never


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one deployment; counts are inclusive."""

    filter: FilterLimits = field(default_factory=FilterLimits)
    patch_operations: int = 1000
    comparisons: int = COMPARISONS
    values: int = VALUES
    bulk_operations: int = 1000
    bulk_payload_bytes: int = 1_048_576
    job_operations: int = 100_000
    job_payload_bytes: int = 5_242_880
    open_jobs: int = 20
    import_operations: int = 1_000_000
    import_bytes: int = 1_073_741_824
    members: int = 10_000
    nesting: int = 50
    inline_members: int = 10_000
    patch_answer_members: int = 8
    page_size: int = 100
    max_page_size: int = 1000
    refuses_larger_pages: bool = False
    answer_bytes: int = 5_000_000
    scanned: int = 50_000
    cursor_seconds: int = 3600

    def under(self, paging: PagingRules) -> "Bounds":
        """Return the bounds with a profile's sizes of pages in place of the deployment's."""
        most = paging.most or self.max_page_size
        usual = paging.default_size or self.page_size
        return replace(
            self,
            page_size=min(usual, most),
            max_page_size=most,
            refuses_larger_pages=paging.over_most == "refuse",
        )

    def budget(self, is_late: Callable[[], bool] = never) -> RequestBudget:
        """Return what one request may spend."""
        return RequestBudget(self.comparisons, self.values, is_late)

    def page_of(self, count: int | None) -> int:
        """Return how many resources a page has for a `count`; raises TooMany for one too large."""
        if count is None:
            return min(self.page_size, self.max_page_size)
        if count > self.max_page_size and self.refuses_larger_pages:
            raise TooMany(f"count is {count}; at most {self.max_page_size} are answered at once.")
        return min(max(count, 0), self.max_page_size)
