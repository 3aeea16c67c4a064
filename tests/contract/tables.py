"""Tables for tests, as template.yaml declares them."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
MEMBERS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short forms as nothing: the table's keys do not use them."""


_Loader.add_multi_constructor("!", lambda *_: None)


def create_table(client: "DynamoDBClient", name: str) -> None:
    """Create the table under another name."""
    properties = _table()
    client.create_table(TableName=name, **{member: properties[member] for member in MEMBERS})


@cache
def _table() -> dict[str, Any]:
    template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - safe
    properties: dict[str, Any] = template["Resources"]["Table"]["Properties"]
    return properties
