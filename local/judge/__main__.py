"""`python -m local.judge`: starts the service on a free port and runs the judges on it."""

import subprocess
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from local.gateway import Gateway
from local.seed import TOKEN, token_of
from local.server import Server
from scim.schema.loading import shipped_catalogue

PROFILES = ("default", "entra", "okta", "rfc")
"""The profiles that scim2-tester tests; it does not know what the others omit."""
FINE = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE, Status.SKIPPED}


def changeable() -> list[str]:
    """Return the types with all methods: the tester cannot be told that a type lacks PUT and PATCH.

    A membership cannot be changed (draft-zollner-scim-group-members-01 section 6).
    """
    return [each.name for each in shipped_catalogue().stored_types]


def complaints_of(url: str, token: str) -> list[str]:
    """Return what the tester finds wrong with the service at the URL."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=30) as http:
        client = SyncSCIMClient(http)
        client.discover()
        results = check_server(client, raise_exceptions=False, resource_types=changeable())
    print(f"scim2-tester: {len(results)} checks")
    return [f"{each.title}: {each.reason}" for each in results if each.status not in FINE]


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
