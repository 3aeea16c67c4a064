"""`python -m local`: the whole service on this machine, until it is interrupted."""

import errno
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from local.arguments import ArgumentError, Arguments, arguments_of
from local.doors import answering, second_of, with_second_door
from local.gateway import TEMPLATE, Gateway
from local.limits import declarations
from local.packages.npm import UnavailableError
from local.seed import TENANT, TOKEN, client_of, token_of
from local.server import Server
from local.template import parameters_of
from local.workers import serving
from scim.access.tenant import USUAL_SCHEMES
from scim.profile.shipped import names, shipped

_CANNOT, _UNAVAILABLE = 2, 3
_SHOWN = {"RequestLog": "500"}
"""Who connects a provider to a machine of their own wants to watch it connect."""


def main(words: list[str]) -> int:
    """Serve on PORT from STORE, with DATA kept between runs, until a signal ends it; return the exit code.

    Settings (SCIM_…) go to the functions, parameters of the template (TokenEndpoint=true) to the
    template. WORKERS=n serves on PORT and the n - 1 behind it, side by side on one table.
    """
    # What moto leaves out of AWS is of no use to whoever runs the service.
    logging.getLogger("moto").setLevel(logging.ERROR)
    try:
        told = arguments_of(words, os.environ, {**parameters_of(TEMPLATE), **declarations()})
        with _signals() as awaited:
            _serve(told, awaited)
    except ArgumentError as error:
        print(error, file=sys.stderr)
        return _CANNOT
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return _UNAVAILABLE
    return 0


def _serve(told: Arguments, awaited: int) -> None:
    settings = with_second_door({**_SHOWN, **told.given})
    if told.workers > 1:
        with serving(told.workers, told.port, settings, told.data):
            os.read(awaited, 1)
        return
    with (
        _listening(told.port) as server,
        Gateway.start(told.store, settings, address=server.address, data=told.data) as gateway,
    ):
        server.answer = answering(gateway, second_of(gateway, settings, server.address))
        listener = Thread(target=server.serve_forever, name="server", daemon=True)
        listener.start()
        gateway.schedules.begin()
        if not gateway.store.is_shared:
            gateway.event_sources.begin()
        _say(server.address, told.port)
        os.read(awaited, 1)
        server.shutdown()
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
    print(f"Administration {_command(port)} … --local", flush=True)


@contextmanager
def _signals() -> Iterator[int]:
    """Open a pipe from which a byte can be read once a signal asks for the end.

    A handler runs between any two instructions of this thread, and a second one within the first. So
    it takes no lock: an Event has one, which the waiting thread may hold.
    """
    reading, writing = os.pipe()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        signal.signal(number, lambda *_: _write(writing))
    try:
        yield reading
    finally:
        # The end has come: another signal, such as the one that make passes on, adds nothing.
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        os.close(reading)
        os.close(writing)


def _write(writing: int) -> None:
    os.write(writing, b".")


def _listening(port: int) -> Server:
    try:
        return Server(port)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        reason = "is taken" if error.errno == errno.EADDRINUSE else "may not be listened on"
        raise ArgumentError(f"Port {port} {reason}; say another one: PORT={port + 1}.") from error


def _command(port: int) -> str:
    """Return how the command line is called for this service, as it is installed beside Python."""
    installed = Path(sys.executable).with_name("scim")
    here = installed.relative_to(Path.cwd()) if installed.is_relative_to(Path.cwd()) else installed
    command = str(here) if installed.exists() else "python -m scim_cli"
    return command if port == 8080 else f"PORT={port} {command}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
