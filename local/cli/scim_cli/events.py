"""The events of a tenant's changes, polled as a receiver polls them (RFC 8936)."""

import json
import time
from collections.abc import Mapping
from typing import Any

import click

from scim.base64url import bytes_in
from scim_cli.output import json_text, note, show
from scim_cli.service import Service, serviced

PAUSE = 2.0
"""Seconds between two polls when there is nothing more."""
AT_ONCE = 100


@click.command()
@click.option("--since", help="Start at this delta token of the root.")
@click.option("--follow", is_flag=True, help="Acknowledge them and continue with new events.")
@serviced
def events(service: Service, since: str | None, follow: bool) -> None:  # noqa: FBT001 - as click calls it
    """Print the events that a receiver has not acknowledged, the claims of one in each line.

    Each token is a separate receiver, whose first poll starts with the events that follow it.
    """
    query = None if since is None else {"since": since}
    acknowledged: list[str] = []
    while True:
        poll = {"maxEvents": AT_ONCE, "ack": acknowledged}
        answer = service.call("POST", "/Events", poll, query)
        claim_sets = [claims_in(token) for token in answer["sets"].values()]
        if service.format.is_for_program and not follow:
            show(claim_sets, service.format)
            return
        for claims in claim_sets:
            click.echo(json_text(claims))
        if not follow:
            _tell(answer)
            return
        query, acknowledged = None, list(answer["sets"])
        if not acknowledged and not answer.get("moreAvailable"):
            time.sleep(PAUSE)


def _tell(answer: Mapping[str, Any]) -> None:
    if answer.get("moreAvailable"):
        note("There are more: --follow shows all of them, and acknowledges them.")
    elif not answer["sets"]:
        note("There are none.")


def claims_in(token: str) -> dict[str, Any]:
    """Return the claims of a SET; the signature is not checked, because the service itself sent it."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(bytes_in(payload))
    return claims
