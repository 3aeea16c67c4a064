"""The keys of jobs and their items."""

import pytest

from scim.store.keys.jobs import (
    batch_key,
    job_key,
    prefix_of_payloads,
    result_key,
    results_partition,
)


def test_everything_of_a_job_is_in_partitions_of_its_tenant() -> None:
    assert job_key("acme", "j1") == ("J#acme#job", "j1")
    assert result_key("acme", "j1", 1234) == ("J#acme#job#j1#result#000001", "000001234")
    assert batch_key("acme", "j1", 2, 3) == ("J#acme#job#j1#batch", "000002#000003")
    assert results_partition("acme", "j1", 999) == "J#acme#job#j1#result#000000"
    assert prefix_of_payloads("acme", "j1") == "acme/j1/"


@pytest.mark.parametrize(("tenant", "job"), [("a/b", "j"), ("a#b", "j"), ("a", "j/k"), ("a", "#")])
def test_a_name_cannot_leave_the_partition_of_its_job(tenant: str, job: str) -> None:
    for item_key in (job_key, prefix_of_payloads):
        with pytest.raises(ValueError, match="be part of a key"):
            item_key(tenant, job)
