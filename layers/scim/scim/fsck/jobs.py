"""Jobs: each operation has at most one result, and the results are of what was really done."""

from collections.abc import Iterator

from scim.fsck.item import Item, UnreadableError, unpacked
from scim.fsck.places import made_by
from scim.fsck.table import Items
from scim.fsck.violation import Violation, deleted

_MADE = {"201", "200"}
_OPEN = {"waiting", "pending", "running"}


def results(items: Items) -> Iterator[str]:
    """Every result is that of a step of its job."""
    jobs = {(job.tenant, job.sk): job for job in items.of["job"]}
    for result in items.of["result"]:
        job = jobs.get((result.tenant, result.parts[3]))
        if job is None:
            continue  # Forgotten: DynamoDB may forget a job before its results.
        try:
            unpacked(result.held["z"])
            operations = job.held.get("n", unpacked(job.held["z"])["operations"])
        except (UnreadableError, KeyError, TypeError):
            yield f"{result.name}: cannot be read"
            continue
        if int(result.sk) >= 2 * operations or int(result.sk) // 1000 != int(result.parts[5]):
            yield f"{result.name}: no step of its job"


def versions(items: Items) -> Iterator[str]:
    """What a result says was made is at that version or a later one."""
    # The end of a change in parts is a version of its own.
    stored = {
        (item.tenant, item.sk): item.held["v"] + ("j" in item.held)
        for item in items.resources.values()
    }
    for result in items.of["result"]:
        # What is deleted is forgotten after a while, so an absent resource is no violation.
        version = stored.get((result.tenant, made_by(result)))
        if version is None or "v" not in result.held or version >= result.held["v"]:
            continue
        content = unpacked(result.held["z"])
        if str(content.get("status")) in _MADE and not content.get("version"):
            yield f"{result.name}: of version {result.held['v']}, the resource is at {version}"


def totals(items: Items) -> Iterator[str]:
    """A job that is done counts as many operations as have a result, if all were begun."""
    made: dict[tuple[str, str], int] = {}
    for result in items.of["result"]:
        if int(result.sk) % 2 == 0:
            place = result.tenant, result.parts[3]
            made[place] = made.get(place, 0) + 1
    for job in items.of["job"]:
        if job.held["st"] != "completed" or _is_export(job):
            continue
        counted, there = job.held.get("done", 0), made.get((job.tenant, job.sk), 0)
        if counted != there:
            yield f"{job.name}: says {counted} operations are done, {there} have a result"


def _is_export(job: Item) -> bool:
    try:
        return bool(unpacked(job.held["z"]).get("kind") == "export")
    except (UnreadableError, KeyError, AttributeError):
        return False


def listed(items: Items) -> Iterator[str]:
    """No job that has ended is listed as open: a tenant may have so many of these."""
    jobs = {(job.tenant, job.sk): job for job in items.of["job"]}
    for mark in items.of["openJob"]:
        job = jobs.get((mark.tenant, mark.sk))
        if job is not None and job.held["st"] not in _OPEN:
            yield Violation(
                f"{job.name}: has ended, and is listed as open", deleted(mark.pk, mark.sk)
            )
