"""The store on DynamoDB Local instead of moto."""

import boto3
import pytest

from local.gateway import Gateway
from local.moto import quick_moto
from local.stores import _create


@pytest.mark.dynamodb
def test_the_gateway_runs_on_dynamodb_local(template_path):
    with Gateway.start(store="dynamodb-local", template=template_path) as gateway:
        gateway.schedules.fire()
        client = boto3.client("dynamodb")
        assert client.meta.endpoint_url.startswith("http://127.0.0.1:")
        key = {"pk": {"S": "ticks"}, "sk": {"S": "aws.events"}}
        item = client.get_item(TableName=gateway.store.tables["Table"], Key=key)["Item"]
        assert item["n"] == {"N": "1"}


@pytest.mark.dynamodb
def test_dynamodb_local_keeps_items_between_runs(template_path, tmp_path):
    for _ in range(2):
        with Gateway.start(
            store="dynamodb-local", template=template_path, data=tmp_path
        ) as gateway:
            gateway.schedules.fire()
            key = {"pk": {"S": "ticks"}, "sk": {"S": "aws.events"}}
            table = gateway.store.tables["Table"]
            item = boto3.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    assert item["n"] == {"N": "2"}


def test_a_table_that_another_process_has_just_made_is_used():
    properties = {
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
    }
    with quick_moto():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        # Both have found that there is none.
        for _ in range(2):
            _create(client, "things", properties)
        assert client.list_tables()["TableNames"] == ["things"]
