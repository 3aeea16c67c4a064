"""Alarms and the dashboard watch metrics that are written."""

import json
import re

import pytest

from local import intrinsics
from local import template as templates
from scim.bootstrap.store import BREAKER_METRIC
from scim.http.tolerance import METRIC
from scim.service.metrics import BY_TENANT, NAMESPACE, of_request
from scim.workers.push import WAITED
from tests.template.document import (
    APIS,
    FUNCTIONS,
    RESOURCES,
    ROOT,
    ROUTES,
    TEMPLATE,
)

ALARMS = [name for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"]


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_it_means_and_tells_who_asked_for_it(name: str) -> None:
    alarm = RESOURCES[name]["Properties"]
    assert len(alarm["AlarmDescription"].split()) > 4
    assert alarm["AlarmActions"] == RESOURCES["FailuresAlarm"]["Properties"]["AlarmActions"]
    assert alarm["TreatMissingData"] == "notBreaching"


def test_every_watched_metric_of_the_service_is_written() -> None:
    own = [RESOURCES[name]["Properties"] for name in ALARMS]
    watched = {
        each["MetricName"]
        for each in own
        if each.get("Namespace") == NAMESPACE and isinstance(each["MetricName"], str)
    }
    dashboard = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]
    watched |= set(re.findall(r'MetricName=\\"(\w+)', dashboard))
    (counted,) = of_request(200, BY_TENANT)["_aws"]["CloudWatchMetrics"]  # type: ignore[index]
    written = {
        "TokensExpiring",
        "TenantsSilent",
        "TableViolations",
        "ChangesMissing",
        METRIC,
        BREAKER_METRIC,
        WAITED,
        *(m["Name"] for m in counted["Metrics"]),
    }
    assert {"TooManyRequests", "Requests", "milliseconds"} <= watched <= written
    handbook = (ROOT / "docs/operations.md").read_text("utf-8")
    assert {name for name in written if f"`{name}`" not in handbook} == set()


def test_the_dashboard_shows_its_own_deployment() -> None:
    """Another deployment in the same account and region writes metrics with the same names."""
    dashboard = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]
    widgets = [each["properties"] for each in json.loads(dashboard)["widgets"]]
    searched = [
        metric[0]["expression"]
        for each in widgets
        for metric in each.get("metrics", [])
        if isinstance(metric[0], dict)
    ]
    assert len(searched) > 3
    assert [each for each in searched if 'service="${AWS::StackName}"' not in each] == []


def test_the_dashboard_is_json() -> None:
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]
    assert {each["type"] for each in json.loads(body)["widgets"]} == {"metric", "log"}


def test_the_gateway_writes_no_paid_metric_that_is_not_watched() -> None:
    """Its metrics by method cost as much as own metrics do; ours of operations and tenants say more."""
    for api in APIS:
        (settings,) = RESOURCES[api]["Properties"]["MethodSettings"]
        assert settings["MetricsEnabled"] is False
    watched = [RESOURCES[name]["Properties"].get("Dimensions", []) for name in ALARMS]
    assert "Resource" not in {each["Name"] for dimensions in watched for each in dimensions}
    assert '"Resource"' not in RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "us-east-1.console.aws.amazon.com"),
        ("aws-us-gov", "us-east-1.console.amazonaws-us-gov.com"),
        ("aws-cn", "us-east-1.console.amazonaws.cn"),
    ],
)
def test_the_dashboard_is_where_the_console_of_the_partition_is(
    partition: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(intrinsics._PSEUDO_PARAMETERS, "AWS::Partition", partition)
    scope = templates.read(ROOT / "template.yaml").scope
    url = scope.value_of(TEMPLATE["Outputs"]["DashboardUrl"]["Value"])
    assert url.startswith(f"https://{host}/cloudwatch/home?region=us-east-1#dashboards/dashboard/")


@pytest.mark.parametrize("served", ["true", "false"])
def test_the_dashboard_reads_the_logs_of_every_answering_function(served: str) -> None:
    parameters = {"UmaChallenges": served, "TokenEndpoint": served}
    template = templates.read(ROOT / "template.yaml", parameters=parameters)
    widgets = json.loads(template.properties_of("Dashboard")["DashboardBody"])["widgets"]
    read = {
        each["properties"]["title"]: set(
            re.findall(r"SOURCE 'local-(\w+)'", each["properties"]["query"])
        )
        for each in widgets
        if each["type"] == "log"
    }
    logs = {
        FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]
        for name in (*ROUTES.values(), "UmaFunction")
    }
    answering = logs & template.resources.keys()
    assert {"UsersLog", "BulkLog", "CatchAllLog"} <= answering
    assert logs - answering == (set() if served == "true" else {"TokenLog", "UmaLog"})
    assert read["Refusals"] == answering - {"SetupLog", "ConsoleLog", "TokenLog"}
    assert read["Server errors"] == answering | {"AuthorizerLog", "AdminLog"}
    assert read["Refused credentials"] == {"AuthorizerLog"}
