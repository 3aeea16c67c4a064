"""scim2-tester, an outside judge, finds nothing wrong with the service."""

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from local.gateway import Gateway
from local.judge.__main__ import PROFILES, changeable
from local.seed import token_of
from tests.fakes.transport import GatewayTransport

FINE = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


@pytest.mark.long
@pytest.mark.parametrize("profile", PROFILES)
def test_every_check_of_scim2_tester_succeeds(gateway: Gateway, profile: str) -> None:
    headers = {"Authorization": f"Bearer {token_of(profile)}"}
    url = f"http://127.0.0.1:8080/{profile}/scim/v2"
    with httpx2.Client(transport=GatewayTransport(gateway), base_url=url, headers=headers) as http:
        client = SyncSCIMClient(http)
        client.discover()
        results = check_server(client, raise_exceptions=False, resource_types=changeable())
    assert [f"{each.title}: {each.reason}" for each in results if each.status not in FINE] == []
    assert len(results) >= 140
