"""`python -m local.judge`: starts the service on a free port and lets the judges at it."""

import subprocess
import sys
from threading import Thread

from local.gateway import Gateway
from local.judge.tester import complaints_of
from local.seed import TOKEN
from local.server import Server


def main() -> int:
    """Return 0 when no judge has anything to object to."""
    with Server(0) as server, Gateway.start(address=server.address) as gateway:
        server.answer = gateway.answer
        Thread(target=server.serve_forever, name="server", daemon=True).start()
        url = f"http://{server.address}/scim/v2"
        complaints = complaints_of(url, TOKEN)
        sanity = subprocess.run(
            [
                sys.executable,
                "-m",
                "scim_sanity",
                "probe",
                url,
                "--token",
                TOKEN,
                "--i-accept-side-effects",
            ],
            check=False,
        )
        server.shutdown()
    for complaint in complaints:
        print(complaint)
    return 1 if complaints or sanity.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
