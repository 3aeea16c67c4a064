"""`python -m local`: the whole service on this machine, until it is interrupted."""

import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from local.aws import aws_answer
from local.doors import answering, with_second_door
from local.gateway import Gateway
from local.seed import TENANT, TOKEN, token_of
from local.server import Server
from local.stores import UnkeptError
from local.workers import serving
from scim.profile.shipped import names


def main() -> int:
    """Serve on PORT from STORE, with DATA kept between runs; settings (SCIM_…) go to the functions.

    WORKERS=n serves on PORT and the n - 1 behind it, side by side on one table.
    """
    said = {name: value for name, value in os.environ.items() if name.startswith("SCIM_")}
    settings = with_second_door(said)
    data = Path(os.environ["DATA"]) if os.environ.get("DATA") else None
    store = os.environ.get("STORE") or "moto"
    if data is not None and store == "moto":
        print(UnkeptError(), file=sys.stderr)
        return 2
    interrupted = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    port, workers = int(os.environ.get("PORT") or 8080), int(os.environ.get("WORKERS") or 1)
    if workers > 1:
        if store != "dynamodb-local" or not port:
            print("WORKERS need STORE=dynamodb-local, and a PORT to count from.", file=sys.stderr)
            return 2
        with serving(workers, port, data):
            interrupted.wait()
        return 0
    with (
        Server(port) as server,
        Gateway.start(store, settings, address=server.address, data=data) as gateway,
    ):
        answer = answering(gateway, settings, server.address)
        server.answer = lambda request: aws_answer(request) or answer(request)
        listener = Thread(target=server.serve_forever, name="server", daemon=True)
        listener.start()
        gateway.schedules.begin()
        print(f"SCIM base URL  http://{server.address}/scim/v2")
        print(f"Bearer token   {TOKEN}   (tenant {TENANT})", flush=True)
        for name in names():
            print(f"Profile        http://{server.address}/{name}/scim/v2   {token_of(name)}")
        print(f"Administration {_command(port)} … --local", flush=True)
        interrupted.wait()
        server.shutdown()
        gateway.schedules.end()
    return 0


def _command(port: int) -> str:
    """Return how the command line is called for this service, as it is installed beside Python."""
    installed = Path(sys.executable).with_name("scim")
    here = installed.relative_to(Path.cwd()) if installed.is_relative_to(Path.cwd()) else installed
    command = str(here) if installed.exists() else "python -m scim_cli"
    return command if port == 8080 else f"PORT={port} {command}"


if __name__ == "__main__":
    sys.exit(main())
