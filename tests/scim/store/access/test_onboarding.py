"""The progress of a setup is stored with its tenant."""

from typing import TYPE_CHECKING

from scim.fsck import violations
from scim.store.access.onboarding import Onboarding, Onboardings
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = "2026-03-01T00:00:00.000Z"


def test_a_saved_onboarding_is_found_again(client: "DynamoDBClient", table_name: str) -> None:
    onboardings = Onboardings(Table(client, table_name, Meter(), Retry(times=0)))
    assert onboardings.find("acme") == Onboarding()
    onboardings.save("acme", Onboarding("okta", "it@acme.example"), NOW)
    onboardings.save("globex", Onboarding("entra", activated_at=NOW), NOW)
    assert onboardings.find("acme") == Onboarding("okta", "it@acme.example")
    assert onboardings.find("globex") == Onboarding("entra", "", NOW)
    assert violations(client.scan(TableName=table_name)["Items"]) == []
