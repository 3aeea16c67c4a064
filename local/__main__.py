"""`python -m local`: the whole service on this machine, until it is interrupted."""

import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from local.aws import aws_answer
from local.gateway import Gateway
from local.seed import TENANT, TOKEN
from local.server import Server


def main() -> int:
    """Serve on PORT from STORE, with DATA kept between runs; settings (SCIM_…) go to the functions."""
    settings = {name: value for name, value in os.environ.items() if name.startswith("SCIM_")}
    data = Path(os.environ["DATA"]) if os.environ.get("DATA") else None
    interrupted = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    with (
        Server(int(os.environ.get("PORT") or 8080)) as server,
        Gateway.start(
            os.environ.get("STORE") or "moto", settings, address=server.address, data=data
        ) as gateway,
    ):
        server.answer = lambda request: aws_answer(request) or gateway.answer(request)
        listener = Thread(target=server.serve_forever, name="server", daemon=True)
        listener.start()
        gateway.schedules.begin()
        print(f"SCIM base URL  http://{server.address}/scim/v2")
        print(f"Bearer token   {TOKEN}   (tenant {TENANT})", flush=True)
        print("Administration python -m local.cli … --local", flush=True)
        interrupted.wait()
        server.shutdown()
        gateway.schedules.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
