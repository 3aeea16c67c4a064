"""How the items of a tenant's jobs are keyed: the jobs, and what each has done so far.

They begin with `J#`: what serves Users and Groups may write `T#` and reaches none of them.

A job's results lie in several partitions: one would be too hot for a large job.
"""

from hashlib import sha256

from scim.store.keys.directory import NAME, ItemKey, is_id

PER_PARTITION = 1000


def jobs_partition(tenant: str) -> str:
    """Return the partition of the tenant's jobs."""
    return f"J#{_tenant(tenant)}#job"


def job_key(tenant: str, job: str) -> ItemKey:
    """Return where a job is."""
    return ItemKey(jobs_partition(tenant), _checked(job))


def open_jobs_partition(tenant: str) -> str:
    """Return the partition that names the tenant's jobs which are not done."""
    return f"J#{_tenant(tenant)}#open"


def open_job_key(tenant: str, job: str) -> ItemKey:
    """Return where it is noted that a job is not done."""
    return ItemKey(open_jobs_partition(tenant), _checked(job))


def results_partition(tenant: str, job: str, write: int) -> str:
    """Return the partition of the receipts of a step and its neighbours."""
    number = write // PER_PARTITION
    return f"{jobs_partition(tenant)}#{_checked(job)}#result#{number:06d}"


def result_key(tenant: str, job: str, write: int) -> ItemKey:
    """Return where the receipt of a step is."""
    return ItemKey(results_partition(tenant, job, write), sort_key_of_step(write))


def sort_key_of_step(write: int) -> str:
    """Return what orders a job's receipts."""
    return f"{write:09d}"


def batch_key(tenant: str, job: str, layer: int, batch: int) -> ItemKey:
    """Return where it is noted that a batch is done."""
    partition = f"{jobs_partition(tenant)}#{_checked(job)}#batch"
    return ItemKey(partition, f"{layer:06d}#{batch:06d}")


def claim_key(tenant: str, job: str, value: str) -> ItemKey:
    """Return where it is noted which step would be the first to take a unique value."""
    hashed = sha256(value.encode()).hexdigest()
    return ItemKey(f"{jobs_partition(tenant)}#{_checked(job)}#claim#{hashed[:2]}", hashed)


def prefix_of_payloads(tenant: str, job: str) -> str:
    """Return what the names of a job's objects in S3 begin with."""
    return f"{_tenant(tenant)}/{_checked(job)}/"


def _tenant(tenant: str) -> str:
    if NAME.fullmatch(tenant) is None:
        raise ValueError("a tenant that cannot be part of a key")
    return tenant


def _checked(job: str) -> str:
    if not is_id(job):
        raise ValueError("a job's id that cannot be part of a key")
    return job
