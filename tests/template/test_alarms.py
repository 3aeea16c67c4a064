"""The alarms of template.yaml watch metrics that are written and failures that an operator can look up."""

import re

import pytest

from scim.service.metrics import NAMESPACE, SERVICE
from tests.template.document import RESOURCES, ROOT, TEMPLATE

ALARMS = {
    name: each["Properties"]
    for name, each in RESOURCES.items()
    if each["Type"] == "AWS::CloudWatch::Alarm"
}
OWN = {
    name: alarm["Dimensions"]
    for name, alarm in ALARMS.items()
    if alarm.get("Namespace") == NAMESPACE and "Dimensions" in alarm
}
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(OWN))
def test_an_alarm_on_our_own_metrics_watches_those_of_this_deployment(name: str) -> None:
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    # The functions write the dimension from this variable, as Powertools does.
    assert OWN[name] == [{"Name": SERVICE, "Value": variables["POWERTOOLS_SERVICE_NAME"]}]


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_operator_finds_what_to_do_about_an_alarm(name: str) -> None:
    assert f"`{name}`" in OPERATIONS


def test_every_alarm_that_the_documents_name_exists() -> None:
    named = {
        word
        for file in (ROOT / "docs").glob("*.md")
        for word in re.findall(r"`(\w+Alarm)`", file.read_text(encoding="utf-8"))
    }
    assert named <= ALARMS.keys()


def _functions_watched(metric: str) -> set[str]:
    return {
        each["Value"]["Ref"]
        for alarm in ALARMS.values()
        if alarm.get("MetricName") == metric
        for each in alarm.get("Dimensions", [])
    }


def test_every_reader_of_the_stream_has_an_alarm_for_being_late() -> None:
    readers = {
        name
        for name, each in RESOURCES.items()
        for event in each.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "DynamoDB"
    }
    assert _functions_watched("IteratorAge") == readers


def test_every_scheduled_function_has_an_alarm_for_errors() -> None:
    scheduled = {
        name
        for name, each in RESOURCES.items()
        for event in each.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "Schedule"
    }
    assert _functions_watched("Errors") == scheduled


def test_a_job_that_fails_or_is_ended_after_its_day_raises_an_alarm() -> None:
    watched = {
        alarm["MetricName"] for alarm in ALARMS.values() if alarm.get("Namespace") == "AWS/States"
    }
    assert watched == {"ExecutionsFailed", "ExecutionsTimedOut"}
