"""Runs scim2-tester and returns its objections."""

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from scim.schema.loading import shipped_catalogue

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
