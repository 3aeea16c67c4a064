"""Where jobs and what belongs to them are."""

import pytest

from scim.store.keys.jobs import (
    partition_of_results,
    place_of_batch,
    place_of_job,
    place_of_result,
    prefix_of_payloads,
)


def test_everything_of_a_job_is_in_partitions_of_its_tenant() -> None:
    assert place_of_job("acme", "j1") == ("T#acme#job", "j1")
    assert place_of_result("acme", "j1", 1234) == ("T#acme#job#j1#result#000001", "000001234")
    assert place_of_batch("acme", "j1", 2, 3) == ("T#acme#job#j1#batch", "000002#000003")
    assert partition_of_results("acme", "j1", 999) == "T#acme#job#j1#result#000000"
    assert prefix_of_payloads("acme", "j1") == "acme/j1/"


@pytest.mark.parametrize(("tenant", "job"), [("a/b", "j"), ("a#b", "j"), ("a", "j/k"), ("a", "#")])
def test_nothing_leaves_its_place(tenant: str, job: str) -> None:
    for place in (place_of_job, prefix_of_payloads):
        with pytest.raises(ValueError, match="be part of a key"):
            place(tenant, job)
