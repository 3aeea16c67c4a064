"""Jobs end with the token they were made with, and with their tenant."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from scim.resource.job import Job, Status

if TYPE_CHECKING:
    from tests.local.cli.conftest import Operator

MOMENT = "2026-01-01T00:00:00.000Z"


def jobs_of(operator: "Operator", tenant: str, token_id: str) -> list[Job]:
    """Store a job of the token, one it started, one of another token, and one that is over."""
    made: list[dict[str, Any]] = [
        {"token_id": token_id},
        {"token_id": "other", "starter": f"token:{token_id}", "starter_token": token_id},
        {"token_id": "other"},
        {"token_id": token_id, "status": Status.COMPLETED},
    ]
    found = [
        Job(
            tenant=tenant,
            id=str(uuid4()),
            created=MOMENT,
            until=2_000_000_000,
            base_url="https://host/scim/v2",
            scopes=frozenset({"*"}),
            operations=1,
            **each,
        )
        for each in made
    ]
    for job in found:
        operator.access.jobs.add(job)
    return found


@pytest.mark.parametrize(
    ("words", "statuses"),
    [
        (("token", "revoke"), ["cancelled", "cancelled", "pending", "completed"]),
        (("tenant", "suspend"), ["failed", "failed", "failed", "completed"]),
        (("tenant", "delete", "--yes"), ["cancelled", "cancelled", "cancelled", "completed"]),
    ],
)
def test_jobs_end_with_what_they_were_made_with(
    operator: "Operator", words: tuple[str, ...], statuses: list[str]
) -> None:
    tenant = f"t{uuid4().hex[:8]}"
    token_id = operator.json("token", "create", "--tenant", tenant, "--create")["token_id"]
    jobs = jobs_of(operator, tenant, token_id)
    about = [token_id, "--tenant", tenant] if words[0] == "token" else [tenant]
    assert operator.run(*words, *about).exit_code == 0
    now = [operator.access.jobs.find(tenant, job.id) for job in jobs]
    assert [job.status for job in now if job] == statuses
    assert all(
        bool(job.error) is (job.status != "pending" and n < 3) for n, job in enumerate(now) if job
    )
