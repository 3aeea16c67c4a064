"""Jobs end with the token they were made with, and with their tenant."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from scim.access.token import hash_of
from scim.principal import issuer_owner
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
    result = operator.run(*words, *about)
    assert result.exit_code == 0
    ended_count = sum(status in {"cancelled", "failed"} for status in statuses)
    assert f"Its {ended_count} open jobs are ended." in result.stderr
    now = [operator.access.jobs.find(tenant, job.id) for job in jobs]
    assert [job.status for job in now if job] == statuses
    assert all(
        bool(job.error) is (job.status != "pending" and n < 3) for n, job in enumerate(now) if job
    )


@pytest.mark.parametrize(
    ("words", "change", "status", "error"),
    [
        (["add"], {}, "pending", ""),
        (["add"], {"filters": {"User": 'title eq "staff"'}}, "failed", "terms of the issuer"),
        (["remove"], None, "cancelled", "no longer trusted"),
    ],
)
def test_jobs_of_an_issuers_tokens_end_with_its_terms(
    operator: "Operator",
    tmp_path: Path,
    words: list[str],
    change: dict[str, Any] | None,
    status: str,
    error: str,
) -> None:
    tenant, file = f"t{uuid4().hex[:8]}", tmp_path / "issuer.json"
    operator.run("tenant", "create", tenant)
    document = {"kind": "jwt", "issuer": "https://i.example", "audiences": ["scim"]}
    document["jwksUri"] = "https://i.example/keys"
    file.write_text(json.dumps(document))
    about = ["--tenant", tenant]
    operator.json("issuer", "add", str(file), *about)
    job, other = jobs_of(operator, tenant, "t1")[:2]
    own = replace(job, id=str(uuid4()), owner=issuer_owner(hash_of("https://i.example"), "s"))
    operator.access.jobs.add(own)
    file.write_text(json.dumps(document | (change or {})))
    given = "https://i.example" if change is None else str(file)
    assert operator.run("issuer", *words, given, *about).exit_code == 0
    found = operator.access.jobs.find(tenant, own.id)
    untouched = operator.access.jobs.find(tenant, other.id)
    assert found is not None
    assert untouched is not None
    assert (found.status, untouched.status) == (status, "pending")
    assert error in found.error
    assert bool(found.error) is bool(error)
