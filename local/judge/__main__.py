"""`python -m local.judge`: starts the service on a free port and runs the judges on it."""

import subprocess
import sys

from local.gateway import Gateway
from local.judge.tester import complaints_of
from local.seed import TOKEN, token_of
from local.server import Server

PROFILES = ("default", "entra", "okta", "rfc")
"""The profiles that scim2-tester tests; it does not know what the others omit."""


def main() -> int:
    """Return 0 if no judge objects."""
    with (
        Server(0) as server,
        Gateway.start(address=server.address) as gateway,
        server.serving(gateway.answer),
    ):
        complaints = [
            f"{name}: {complaint}"
            for name in PROFILES
            for complaint in complaints_of(
                f"http://{server.address}/{name}/scim/v2", token_of(name)
            )
        ]
        sanity = subprocess.run(
            [
                sys.executable,
                "-m",
                "scim_sanity",
                "probe",
                f"http://{server.address}/scim/v2",
                "--token",
                TOKEN,
                "--i-accept-side-effects",
            ],
            check=False,
        )
    for complaint in complaints:
        print(complaint)
    return 1 if complaints or sanity.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
