"""Administration uses the settings of the deployment."""

from typing import TYPE_CHECKING

from scim.bootstrap.administration import administration_on
from scim.service.administration.ports import Thresholds
from scim.service.definitions import DefinitionLimits
from scim.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_administration_goes_by_the_settings(client: "DynamoDBClient", table_name: str) -> None:
    settings = Settings(
        table_name=table_name,
        silent_days=2,
        token_warning_days=5,
        max_definitions=3,
        max_definitions_bytes=4096,
        kept_definitions=4,
        loopback_issuers=True,
    )
    administration = administration_on(client, settings)
    assert administration.thresholds == Thresholds(silent_hours=48, ending_days=5)
    assert administration.limits == DefinitionLimits(number=3, size=4096, kept=4)
    assert administration.allows_loopback
