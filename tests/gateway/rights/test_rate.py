"""A caller over its rate is told when to come again; other tenants do not notice."""

import json

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of


def _statuses(gateway: Gateway, secret: str, times: int) -> list[int]:
    headers = {"Authorization": f"Bearer {secret}"}
    return [gateway.handle("GET", "/scim/v2/Me", headers).status for _ in range(times)]


def test_a_tenant_over_its_limit_waits_and_others_do_not(gateway: Gateway) -> None:
    make_tenant(gateway, "slow", rate=1)
    slow, demo = secret_of(gateway, "slow", "*"), secret_of(gateway, "demo", "*")
    # Two windows may be touched, so up to twice ten requests pass.
    statuses = _statuses(gateway, slow, 30)
    assert set(statuses) == {404, 429}
    assert 10 <= statuses.count(404) <= 20
    assert _statuses(gateway, demo, 30) == [404] * 30


def test_the_refusal_is_a_scim_error_with_whole_seconds(gateway: Gateway) -> None:
    make_tenant(gateway, "refused", rate=1)
    secret = secret_of(gateway, "refused", "*")
    headers = {"Authorization": f"Bearer {secret}"}
    answers = [gateway.handle("GET", "/scim/v2/Me", headers) for _ in range(40)]
    refused = next(each for each in answers if each.status == 429)
    sent = {name.lower(): value for name, value in refused.headers}
    assert sent["content-type"] == "application/scim+json"
    assert 1 <= int(sent["retry-after"]) <= 10
    assert json.loads(refused.body)["status"] == "429"


def test_a_deployment_has_a_limit_for_tenants_without_their_own() -> None:
    with Gateway.start(overrides={"TenantRate": "1"}) as gateway:
        statuses = _statuses(gateway, secret_of(gateway, "demo", "*"), 30)
    assert statuses.count(429) >= 10
