"""Jobs: each operation has at most one result, and results agree with what was done."""

from collections import Counter
from collections.abc import Iterator

from scim.fsck.item import Item, UnreadableError, unpacked
from scim.fsck.places import made_by
from scim.fsck.table import Items
from scim.fsck.violation import Violation, deleted

_MADE = {"201", "200"}
_OPEN = {"waiting", "pending", "running"}


def results(items: Items) -> Iterator[str]:
    """Yield results that are unreadable or belong to no step of their job."""
    jobs = {(job.tenant, job.sk): job for job in items.of["job"]}
    for result in items.of["result"]:
        job = jobs.get((result.tenant, result.parts[3]))
        if job is None:
            continue  # DynamoDB may expire a job before its results.
        try:
            unpacked(result.attributes["z"])
            operations = job.attributes.get("n", unpacked(job.attributes["z"])["operations"])
        except (UnreadableError, KeyError, TypeError):
            yield f"{result.name}: cannot be read"
            continue
        if int(result.sk) >= 2 * operations or int(result.sk) // 1000 != int(result.parts[5]):
            yield f"{result.name}: no step of its job"


def versions(items: Items) -> Iterator[str]:
    """Yield results whose resource is at an earlier version than they say."""
    stored: dict[tuple[str, str], int] = {}
    for item in items.resources.values():
        place = item.tenant, item.sk
        # A journaled change that is under way will end with a version of its own.
        version = item.attributes["v"] + ("j" in item.attributes)
        # A result does not say which type its resource has, and numbers are ids of several.
        stored[place] = max(stored.get(place, 0), version)
    for result in items.of["result"]:
        # Deleted resources expire, so a missing one is no violation.
        latest = stored.get((result.tenant, made_by(result)))
        if latest is None or "v" not in result.attributes or latest >= result.attributes["v"]:
            continue
        content = unpacked(result.attributes["z"])
        if str(content.get("status")) in _MADE and not content.get("version"):
            yield f"{result.name}: of version {result.attributes['v']}, the resource is at {latest}"


def totals(items: Items) -> Iterator[str]:
    """Yield completed jobs, except exports, whose count differs from the number of operations with a result."""
    counts: Counter[tuple[str, str]] = Counter()
    for result in items.of["result"]:
        if int(result.sk) % 2 == 0:
            counts[result.tenant, result.parts[3]] += 1
    for job in items.of["job"]:
        if job.attributes["st"] != "completed" or _is_export(job):
            continue
        done_count, result_count = job.attributes.get("done", 0), counts[job.tenant, job.sk]
        if done_count != result_count:
            yield f"{job.name}: says {done_count} operations are done, {result_count} have a result"


def _is_export(job: Item) -> bool:
    try:
        return bool(unpacked(job.attributes["z"]).get("kind") == "export")
    except (UnreadableError, KeyError, AttributeError):
        return False


def listed(items: Items) -> Iterator[str]:
    """Yield ended jobs that are still listed as open: they would count against the tenant's open jobs."""
    jobs = {(job.tenant, job.sk): job for job in items.of["job"]}
    for mark in items.of["openJob"]:
        job = jobs.get((mark.tenant, mark.sk))
        if job is not None and job.attributes["st"] not in _OPEN:
            yield Violation(
                f"{job.name}: has ended, and is listed as open", deleted(mark.pk, mark.sk)
            )
