"""Undoes the writes of a job or a token, by another job."""

from collections import Counter
from datetime import datetime
from typing import Any

import click

from scim.resource.job import OPEN_STATUSES
from scim_cli.job import entries, require_done
from scim_cli.moment import Moment
from scim_cli.output import note, show_one
from scim_cli.progress import await_job
from scim_cli.service import Service, serviced

_MOST_SHOWN = 20
"""The most refusals that are printed."""
_WOULD = {
    "create": "would be created again",
    "update": "would be changed back",
    "delete": "would be deleted",
}


@click.command()
@click.option("--job", metavar="ID", help="Writes of this job or request: the `txn` of its events.")
@click.option(
    "--token",
    metavar="ID",
    help="Writes of this token, or of all tokens of an owner such as client:ID, from --since to --until.",
)
@click.option("--since", type=Moment(), help="Such as 2026-03-01T10:00:00Z, or 24h.")
@click.option("--until", type=Moment(), help="Exclusive end of the time range; 0m is now.")
@click.option(
    "--dry-run", "is_dry", is_flag=True, help="Show what would be done, without doing it."
)
@serviced
def undo(
    service: Service,
    *,
    job: str | None,
    token: str | None,
    since: datetime | None,
    until: datetime | None,
    is_dry: bool,
) -> None:
    """Undo the writes of a job or a token, except where others have made changes since."""
    span = [since is not None, until is not None]
    if (job is None) == (token is None) or span != [token is not None] * 2:
        raise click.UsageError("Give --job, or --token with --since and --until.")
    target: dict[str, str] = {"transaction": job} if job else {"token": str(token)}
    if since is not None and until is not None:
        target |= {"since": since.isoformat(), "until": until.isoformat()}
    undo_job = service.call("POST", "/Jobs", {"kind": "undo", "undoes": target, "dryRun": is_dry})
    _follow(service, undo_job, is_dry=is_dry)


@click.command()
@click.argument("path", metavar="ENDPOINT/ID")
@click.option(
    "--dry-run", "is_dry", is_flag=True, help="Show what would be done, without doing it."
)
@serviced
def undelete(service: Service, *, path: str, is_dry: bool) -> None:
    """Restore a deleted resource, such as Users/2819c223.

    It has its former id and memberships.
    """
    target = {"deleted": path}
    undo_job = service.call("POST", "/Jobs", {"kind": "undo", "undoes": target, "dryRun": is_dry})
    _follow(service, undo_job, is_dry=is_dry, location=f"/{path}")


def _follow(
    service: Service, started_job: dict[str, Any], *, is_dry: bool, location: str = ""
) -> None:
    path = f"/Jobs/{started_job['id']}"
    ended_job = await_job(service, path) if started_job["status"] in OPEN_STATUSES else started_job
    effects = _effects(service, path, ended_job, is_dry=is_dry, location=location)
    show_one({"job": ended_job["id"], "status": ended_job["status"], **effects}, service.format)
    require_done(ended_job)


def _effects(
    service: Service, path: str, job: dict[str, Any], *, is_dry: bool, location: str
) -> dict[str, int]:
    """Print the refusals and, in a dry run, the changes it would make; return the number of each effect."""
    effects = Counter[str]()
    if not job["operations"]["total"]:
        return {}
    for entry in entries(service, path):
        effect = entry.get("effect", "error" if "response" in entry else "done")
        effects[effect] += 1
        resource_path = entry.get("location", "").rpartition("/v2")[2] or location
        # A resource that is created again has no location yet; its former id is the bulkId.
        operation = f"{entry.get('method', '')} {resource_path or entry.get('bulkId', '')}"
        if "response" in entry and effects[effect] <= _MOST_SHOWN:
            note(f"{operation}: {entry['status']} {entry['response'].get('detail', 'refused')}")
        elif is_dry and "response" not in entry:
            note(f"{operation}: {_WOULD.get(effect, effect)}")
    return dict(sorted(effects.items()))
