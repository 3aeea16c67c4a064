"""An opened breaker is a metric that the alarm watches, and a line that says whose it is."""

import json

import pytest

from scim.bootstrap.store import BREAKER_METRIC, report_open


def test_one_line_is_log_and_metric(capsys: pytest.CaptureFixture[str]) -> None:
    report_open("acme")
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    (described,) = line["_aws"]["CloudWatchMetrics"]
    assert [each["Name"] for each in described["Metrics"]] == [BREAKER_METRIC]
    assert described["Dimensions"] == [["service"]]
    assert (line[BREAKER_METRIC], line["tenant"]) == (1, "acme")
    assert line["service"]
