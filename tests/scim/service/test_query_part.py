"""A query that asks for nothing asks for everything."""

from scim.service.messages import Query


def test_nothing_is_filtered_sorted_paged_or_left_out_unasked() -> None:
    assert Query() == Query(
        filter=None,
        attributes=(),
        excluded_attributes=(),
        sort_by=None,
        sort_order=None,
        start_index=None,
        count=None,
    )
