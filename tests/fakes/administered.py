"""Administration of a new table, and what was done there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim.bootstrap.administration import administration_on
from scim.fsck import violations
from scim.resource.history.act import Act
from scim.service.administration.operations import performed
from scim.service.administration.ports import Actor, Administration, OperationResult
from scim.settings import Settings
from scim.store.access.audit_records import StoredActs
from tests.contract.stores import moto_client, new_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACTOR = Actor("arn:aws:iam::123456789012:user/kim", "203.0.113.7", "r1")


@dataclass(frozen=True)
class Administered:
    """One deployment, on a table of moto's."""

    client: "DynamoDBClient"
    settings: Settings

    @property
    def administration(self) -> Administration:
        return administration_on(self.client, self.settings)

    def do(self, method: str, path: str, actor: Actor = ACTOR, **given: Any) -> OperationResult:
        return performed(self.administration, actor, method, path, given)

    def acts(self, tenant: str) -> list[Act]:
        """Return what was done to a tenant, the oldest first."""
        kept = self.administration.acts
        assert isinstance(kept, StoredActs)
        return [act for _, act in reversed(kept.older(tenant, "~", 100))]

    def items(self) -> dict[tuple[str, str], Any]:
        """Return the whole table, which agrees with itself, by key."""
        found = self.client.scan(TableName=self.settings.table_name)["Items"]
        assert violations(found) == []
        return {(item["pk"]["S"], item["sk"]["S"]): item for item in found}


@contextmanager
def administered(**settings: Any) -> Iterator[Administered]:
    with moto_client() as client:
        yield Administered(client, Settings(table_name=new_table(client), **settings))
