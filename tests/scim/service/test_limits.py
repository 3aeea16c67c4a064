"""The default limits of a request."""

import pytest

from scim.errors import TooMany
from scim.filter.parsing.limits import FilterLimits
from scim.profile.parts import PagingRules
from scim.service.endpoint import Bounds


def test_the_usual_bounds_are_those_the_template_documents() -> None:
    assert Bounds() == Bounds(
        filter=FilterLimits(length=4096, terms=100, depth=20),
        patch_operations=1000,
        comparisons=400_000,
        values=1000,
        members=10_000,
        nesting=50,
        inline_members=10_000,
        patch_answer_members=8,
        page_size=100,
        max_page_size=1000,
        answer_bytes=5_000_000,
        scanned=50_000,
    )


@pytest.mark.parametrize(
    ("paging", "count", "size"),
    [
        (PagingRules(), None, 100),
        (PagingRules(), 5000, 1000),
        (PagingRules(), -1, 0),
        (PagingRules(default_size=10, most=20), None, 10),
        (PagingRules(default_size=10, most=20), 21, 20),
        (PagingRules(most=20), None, 20),
        (PagingRules(most=20, over_most="refuse"), 20, 20),
        (PagingRules(most=20, over_most="refuse"), None, 20),
        (PagingRules(most=20, over_most="refuse"), -1, 0),
    ],
)
def test_a_page_is_as_large_as_asked_and_allowed(
    paging: PagingRules, count: int | None, size: int
) -> None:
    assert Bounds().under(paging).page_of(count) == size


def test_a_profile_may_refuse_larger_pages() -> None:
    bounds = Bounds().under(PagingRules(most=20, over_most="refuse"))
    with pytest.raises(TooMany, match="count is 21; at most 20 are answered at once"):
        bounds.page_of(21)
