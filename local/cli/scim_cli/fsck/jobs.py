"""Jobs: each operation has at most one result, and the results are of what was really done."""

from collections.abc import Iterator, Mapping
from typing import Any

from scim_cli.fsck.item import Item, UnreadableError, unpacked
from scim_cli.fsck.table import Items

_MADE = {"201", "200"}


def results(items: Items) -> Iterator[str]:
    """Every result is that of a step of its job, and what it says was made is or was there."""
    jobs = {(job.tenant, job.sk): job for job in items.of["job"]}
    versions = {(item.tenant, item.sk): item.held["v"] for item in items.resources.values()}
    for result in items.of["result"]:
        job = jobs.get((result.tenant, result.parts[3]))
        if job is None:
            continue  # Forgotten: DynamoDB may forget a job before its results.
        try:
            content = unpacked(result.held["z"])
            operations = job.held.get("n", unpacked(job.held["z"])["operations"])
        except (UnreadableError, KeyError, TypeError):
            yield f"{result.name}: cannot be read"
            continue
        if int(result.sk) >= 2 * operations or int(result.sk) // 1000 != int(result.parts[5]):
            yield f"{result.name}: no step of its job"
        if (
            "v" in result.held
            and str(content.get("status")) in _MADE
            and not content.get("version")
        ):
            yield from _changed(versions, result, content)


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


def _changed(
    versions: Mapping[tuple[str, str], int], result: Item, content: dict[str, Any]
) -> Iterator[str]:
    id_ = str(content.get("location", "")).rpartition("/")[2]
    # What is deleted is forgotten after a while, so an absent resource is no violation.
    version = versions.get((result.tenant, id_), result.held["v"])
    if version < result.held["v"]:
        yield f"{result.name}: of version {result.held['v']}, the resource is at {version}"
