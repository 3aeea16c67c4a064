"""Simulates an identity provider at a pace that a person can follow."""

import secrets
import time
from collections.abc import Callable

import click
import httpx2

from scim_cli.output import note
from scim_cli.service import Service, object_in, serviced
from scim_cli.simulate.conversation import PROVIDERS, Conversation, SimulatedRequest

_MOUNT = "/scim/v2"
_UNAUTHORIZED, _REFUSED = 401, 400


@click.command()
@click.argument("provider", type=click.Choice(PROVIDERS))
@click.option("--tenant", help="The tenant in the path; default the tenant of the token.")
@click.option("--people", default=4, type=click.IntRange(1, 100), help="Number of users.")
@click.option(
    "--pace", default=1.0, type=click.FloatRange(0, 60), help="Seconds between two requests."
)
@click.option("--faults", is_flag=True, help="Also send requests that are refused.")
@serviced
def simulate(
    service: Service,
    *,
    provider: str,
    tenant: str | None,
    people: int,
    pace: float,
    faults: bool,
) -> None:
    """Send the requests of PROVIDER: its test, users, a group, a user who leaves.

    The users are generated, new ones each time; the requests are recorded. The token comes from
    SCIM_TOKEN or --token-file, such as one that the setup portal has just shown.
    """
    base = service.url.removesuffix(_MOUNT)
    url = f"{base}/{tenant}{_MOUNT}" if tenant else service.url
    memory = {"run": secrets.token_hex(3)}
    refusals = play(
        Conversation.of(provider),
        lambda request: _send(service, url, request),
        memory,
        people,
        lambda: time.sleep(pace),
        faults=faults,
    )
    besides = ", besides those of --faults" if faults else ""
    note(f"{provider} has finished; {refusals} of its requests were refused{besides}.")
    if refusals:
        raise click.exceptions.Exit(1)


def play(
    conversation: Conversation,
    send: Callable[[SimulatedRequest], httpx2.Response],
    memory: dict[str, str],
    people: int,
    pause: Callable[[], None],
    *,
    faults: bool,
) -> int:
    """Send a whole conversation and print a line for each request; return how many were refused, besides faults.

    Requests about a resource whose creation was refused are left out.
    """
    refusals = 0
    for request in conversation.requests(people, memory, faults=faults):
        answer = send(request)
        is_refused = answer.status_code >= _REFUSED
        refusals += is_refused and not request.is_fault
        click.echo(f"{answer.status_code}  {request.method:6} {request.name}")
        if answer.status_code == _UNAUTHORIZED:
            raise click.ClickException("The token is not accepted. No more requests are sent.")
        if request.saves:
            memory.pop(request.saves, None)
            if not is_refused:
                memory[request.saves] = str(object_in(answer)["id"])
        pause()
    return refusals


def _send(service: Service, url: str, request: SimulatedRequest) -> httpx2.Response:
    return service.http.request(
        request.method,
        url + request.path,
        content=request.body,
        headers=request.headers,
        auth=service.auth,
    )
