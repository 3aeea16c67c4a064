"""Keys of a tenant's jobs and of their progress.

They begin with `J#`, so the functions that serve Users and Groups, which may write `T#`, cannot reach them.

A job's results are spread over several partitions, because one would be too hot for a large job.
"""

from hashlib import sha256

from scim.access.tenant import TENANT_NAME
from scim.store.keys.directory import ItemKey, is_id

PER_PARTITION = 1000


def jobs_prefix(tenant: str) -> str:
    """Return the beginning of the partitions of everything about a tenant's jobs."""
    return f"J#{_tenant(tenant)}#"


def jobs_partition(tenant: str) -> str:
    return f"J#{_tenant(tenant)}#job"


def job_key(tenant: str, job: str) -> ItemKey:
    return ItemKey(jobs_partition(tenant), _checked(job))


def open_jobs_partition(tenant: str) -> str:
    return f"J#{_tenant(tenant)}#open"


def open_job_key(tenant: str, job: str) -> ItemKey:
    """Return the key that marks a job as open."""
    return ItemKey(open_jobs_partition(tenant), _checked(job))


def results_partition(tenant: str, job: str, write: int) -> str:
    """Return the partition of the receipts of a step and its neighbours."""
    number = write // PER_PARTITION
    return f"{jobs_partition(tenant)}#{_checked(job)}#result#{number:06d}"


def result_key(tenant: str, job: str, write: int) -> ItemKey:
    """Return the key of a step's receipt."""
    return ItemKey(results_partition(tenant, job, write), sort_key_of_step(write))


def sort_key_of_step(write: int) -> str:
    """Return the sort key of a step's receipt, in order of the steps."""
    return f"{write:09d}"


def batch_key(tenant: str, job: str, layer: int, batch: int) -> ItemKey:
    """Return the key that marks a batch as done."""
    partition = f"{jobs_partition(tenant)}#{_checked(job)}#batch"
    return ItemKey(partition, f"{layer:06d}#{batch:06d}")


def claim_key(tenant: str, job: str, value: str) -> ItemKey:
    """Return the key of the first step that claims a unique value."""
    hashed = sha256(value.encode()).hexdigest()
    return ItemKey(f"{jobs_partition(tenant)}#{_checked(job)}#claim#{hashed[:2]}", hashed)


def prefix_of_payloads(tenant: str, job: str) -> str:
    """Return the prefix of the keys of a job's objects in S3."""
    return f"{_tenant(tenant)}/{_checked(job)}/"


def _tenant(tenant: str) -> str:
    if TENANT_NAME.fullmatch(tenant) is None:
        raise ValueError("a tenant that cannot be part of a key")
    return tenant


def _checked(job: str) -> str:
    if not is_id(job):
        raise ValueError("a job's id that cannot be part of a key")
    return job
