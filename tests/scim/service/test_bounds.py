"""What one request may ask for where a deployment sets nothing."""

from scim.filter.limits import FilterLimits
from scim.service.bounds import Bounds


def test_the_usual_bounds_are_those_the_template_documents() -> None:
    assert Bounds() == Bounds(
        filter=FilterLimits(length=4096, terms=100, depth=20),
        patch_operations=1000,
        members=10_000,
        inline_members=10_000,
        patch_answer_members=8,
        page_size=100,
        max_page_size=1000,
        scanned=50_000,
    )
