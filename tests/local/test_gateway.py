"""A gateway runs the template's functions on a store of its own."""

import json
import os

import boto3
import httpx2
import pytest

from local.gateway import Gateway
from local.runtime import FunctionError
from local.stores import UnkeptError
from scim.log import logger
from tests.fakes.transport import GatewayTransport


def seen(gateway: Gateway, path: str = "/open") -> dict:
    return json.loads(gateway.handle("GET", path).body)


def test_overrides_are_parameters_or_variables_of_every_function(template_path):
    overrides = {"Greeting": "hi", "UNLOADABLE": "all"}
    with Gateway.start(overrides=overrides, template=template_path) as gateway:
        assert seen(gateway)["greeting"] == "hi"
        assert gateway.handle("GET", "/broken/set").status == 502
    with Gateway.start(overrides={"GREETING": "over"}, template=template_path) as gateway:
        assert seen(gateway)["greeting"] == "over"
        assert seen(gateway, "/other")["greeting"] == "over"


def test_a_misspelt_override_is_an_error(template_path):
    with (
        pytest.raises(ValueError, match="has no parameter Greting"),
        Gateway.start(overrides={"Greting": "x"}, template=template_path),
    ):
        pass


def test_one_file_deployed_twice_is_two_functions(gateway):
    assert seen(gateway)["greeting"] == "hello"
    assert seen(gateway, "/other")["greeting"] == "other"
    assert seen(gateway, "/other")["function"].endswith("OtherEchoFunction")


def test_a_function_is_loaded_once_and_told_about_itself(gateway):
    first, second = seen(gateway), seen(gateway)
    assert second["calls"] == first["calls"] + 1
    assert second["memory"] == 512
    assert 6_000 < second["milliseconds"] <= 7_000
    assert second["arn"].startswith("arn:aws:lambda:us-east-1:123456789012:function:")


def test_the_environment_is_as_before_after_each_request(gateway):
    before = dict(os.environ)
    seen(gateway)
    assert dict(os.environ) == before
    assert "GREETING" not in before


def test_a_schedule_fires_its_function(gateway):
    gateway.schedules.fire()
    gateway.schedules.fire()
    item = boto3.client("dynamodb").get_item(
        TableName=gateway.store.tables["Table"],
        Key={"pk": {"S": "ticks"}, "sk": {"S": "aws.events"}},
    )["Item"]
    assert item["n"] == {"N": "2"}


def test_the_table_is_the_templates(gateway):
    made = boto3.client("dynamodb").describe_table(TableName=gateway.store.tables["Table"])["Table"]
    assert [key["AttributeName"] for key in made["KeySchema"]] == ["pk", "sk"]
    assert [index["IndexName"] for index in made["GlobalSecondaryIndexes"]] == ["byTime"]


def test_two_gateways_do_not_see_each_others_items(template_path):
    with (
        Gateway.start(template=template_path) as one,
        Gateway.start(template=template_path) as other,
    ):
        one.schedules.fire()
        table = other.store.tables["Table"]
        items = boto3.client("dynamodb").scan(TableName=table)["Items"]
        assert "ticks" not in {item["pk"]["S"] for item in items}


def test_moto_keeps_nothing_between_runs(template_path, tmp_path):
    with (
        pytest.raises(UnkeptError, match="STORE=dynamodb-local"),
        Gateway.start(template=template_path, data=tmp_path),
    ):
        pass


def test_an_unknown_store_is_an_error(template_path):
    with (
        pytest.raises(ValueError, match="There is no store nowhere"),
        Gateway.start(store="nowhere", template=template_path),
    ):
        pass


def test_no_function_begins_once_its_gateway_has_ended(template_path):
    with Gateway.start(template=template_path) as gateway:
        arn = gateway.template.scope.arn_of("EchoFunction")
    before = dict(os.environ)
    with pytest.raises(FunctionError, match="has ended"):
        gateway.invoke(arn, {})
    assert dict(os.environ) == before


def test_a_request_of_a_client_without_a_socket_is_as_one_by_http(gateway):
    client = httpx2.Client(transport=GatewayTransport(gateway), base_url="http://127.0.0.1:8080")
    answer = client.post("/open?a=x%20y", json={"b": 1})
    assert answer.status_code == 200
    event = answer.json()["event"]
    assert event["queryStringParameters"] == {"a": "x y"}
    assert event["body"] == '{"b":1}'
    assert event["headers"]["Content-Type"] == "application/json"


def test_a_gateway_leaves_its_logger_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    logger.cache_clear()
    with Gateway.start(), monkeypatch.context() as patched:
        patched.setenv("POWERTOOLS_SERVICE_NAME", "quiet")
        patched.setenv("POWERTOOLS_LOG_LEVEL", "ERROR")
        assert logger().service == "quiet"
    assert logger().service != "quiet"
