"""How the items of a tenant's jobs are keyed: the jobs, and what each has done so far.

A job's results lie in several partitions: one would be too hot for a large job.
"""

from hashlib import sha256

from scim.store.keys.directory import NAME, Place, is_id

PER_PARTITION = 1000


def partition_of_jobs(tenant: str) -> str:
    """Return the partition of the tenant's jobs."""
    return f"T#{_tenant(tenant)}#job"


def place_of_job(tenant: str, job: str) -> Place:
    """Return where a job is."""
    return Place(partition_of_jobs(tenant), _checked(job))


def partition_of_results(tenant: str, job: str, step: int) -> str:
    """Return the partition of the receipts of a step and its neighbours."""
    number = step // PER_PARTITION
    return f"{partition_of_jobs(tenant)}#{_checked(job)}#result#{number:06d}"


def place_of_result(tenant: str, job: str, step: int) -> Place:
    """Return where the receipt of a step is."""
    return Place(partition_of_results(tenant, job, step), sort_key_of_step(step))


def sort_key_of_step(step: int) -> str:
    """Return what orders a job's receipts."""
    return f"{step:09d}"


def place_of_batch(tenant: str, job: str, layer: int, batch: int) -> Place:
    """Return where it is noted that a batch is done."""
    partition = f"{partition_of_jobs(tenant)}#{_checked(job)}#batch"
    return Place(partition, f"{layer:06d}#{batch:06d}")


def place_of_claim(tenant: str, job: str, value: str) -> Place:
    """Return where it is noted which step would be the first to take a unique value."""
    hashed = sha256(value.encode()).hexdigest()
    return Place(f"{partition_of_jobs(tenant)}#{_checked(job)}#claim#{hashed[:2]}", hashed)


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
