"""The whole service on this machine, on one port or several, until a byte asks for the end."""

import errno
import logging
import os
import sys
from pathlib import Path

from local.apis import answering, second_of, with_second_api
from local.arguments import MOST_PORT, USUAL_PORT, ArgumentError, Arguments
from local.gateway import Gateway
from local.seed import TENANT, TOKEN, client_of, token_of
from local.server import Server
from local.workers import serving
from scim.access.tenant import USUAL_SCHEMES
from scim.profile.shipped import names, shipped

_PRIVILEGED = 1024
"""The lowest port for which a server needs no rights of an administrator."""
_USUAL = {"RequestLog": "500", "SCIM_SECRET_PREFIX": "scim/local/"}
"""The request log is on: people who connect a provider to their own machine want to watch it.

The names of secrets do not depend on the process, whose tables have its number in theirs.
"""


def serve(arguments: Arguments, signal_pipe: int) -> None:
    """Serve until a byte can be read from the file descriptor `signal_pipe`.

    Raises ArgumentError, and UnavailableError if the store is not available.
    """
    # moto's warnings about features that it lacks are of no use to people who run the service.
    logging.getLogger("moto").setLevel(logging.ERROR)
    settings = with_second_api({**_USUAL, **arguments.overrides})
    if arguments.workers > 1:
        with serving(arguments.workers, arguments.port, settings, arguments.data):
            os.read(signal_pipe, 1)
        return
    with (
        _listening(arguments.port) as server,
        Gateway.start(
            arguments.store, settings, address=server.address, data=arguments.data
        ) as gateway,
    ):
        with server.serving(answering(gateway, second_of(gateway, settings, server.address))):
            gateway.schedules.begin()
            if not gateway.store.is_shared:
                gateway.event_sources.begin()
            _say(server.address, arguments.port)
            os.read(signal_pipe, 1)
        gateway.schedules.end()
        gateway.event_sources.end()


def _say(address: str, port: int) -> None:
    print(f"SCIM base URL  http://{address}/scim/v2")
    print(f"Bearer token   {TOKEN}   (tenant {TENANT})", flush=True)
    for name in names():
        if shipped(name).auth.minted_only:
            client = " ".join(client_of(name))
            print(f"Profile        http://{address}/{name}/scim/v2   client {client}")
            continue
        schemes = shipped(name).auth.schemes
        scheme = "" if "bearer" in (schemes or USUAL_SCHEMES) else f"   (as {schemes[0]})"
        print(f"Profile        http://{address}/{name}/scim/v2   {token_of(name)}{scheme}")
    print(
        f"Setup portal   http://{address}/setup/index.html   {_command(port)} portal link {TENANT} --local"
    )
    print(
        f"Console        http://{address}/console/index.html   {_command(port)} console open --local"
    )
    print(f"Administration {_command(port)} ... --local", flush=True)


def _listening(port: int) -> Server:
    try:
        return Server(port)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        reason = "is taken" if error.errno == errno.EADDRINUSE else "may not be listened on"
        other = port + 1 if _PRIVILEGED <= port < MOST_PORT else USUAL_PORT
        raise ArgumentError(f"Port {port} {reason}; say another one: PORT={other}.") from error


def _command(port: int) -> str:
    """Return the command that starts the command line for this service, as it is installed with Python."""
    installed = Path(sys.executable).with_name("scim")
    program = (
        installed.relative_to(Path.cwd()) if installed.is_relative_to(Path.cwd()) else installed
    )
    command = str(program) if installed.exists() else "python -m scim_cli"
    return command if port == USUAL_PORT else f"PORT={port} {command}"
