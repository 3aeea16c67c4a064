"""The log line of a request equals that of Powertools' Logger, without importing it."""

import json
import re
import subprocess
import sys

import pytest

from scim.http.log_lines import RequestLine, RequestLines, repeated
from scim.log import logger
from scim.service.metrics import BY_TENANT


def _written(capsys: pytest.CaptureFixture[str], lines: RequestLines) -> str:
    known = repeated("GET", "/scim/v2/Users", "/Users", "äcme", "t-1", "", "none")
    lines.write(RequestLine(known, {"status": 200, "operations": frozenset()}), 200)
    return capsys.readouterr().out


def test_a_line_has_the_members_of_powertools_lines(capsys: pytest.CaptureFixture[str]) -> None:
    text = _written(capsys, RequestLines("scim", trace=lambda: "1-5759e988"))
    assert text.count("\n") == 1
    line = json.loads(text)
    assert list(line)[:4] == ["level", "message", "timestamp", "service"]
    assert (line["level"], line["message"], line["service"]) == ("INFO", "request", "scim")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\+0000", line["timestamp"])
    assert (line["status"], line["tenant"], line["xray_trace_id"]) == (200, "äcme", "1-5759e988")
    assert (line["operation"], line["operations"]) == ("GET /Users", "frozenset()")


def test_a_line_without_a_trace_has_no_trace_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert "xray_trace_id" not in json.loads(_written(capsys, RequestLines()))


@pytest.mark.parametrize(
    ("level", "is_written"),
    [("DEBUG", True), ("INFO", True), ("info", True), ("WARNING", False), ("ERROR", False)],
)
def test_the_level_of_the_log_counts(
    capsys: pytest.CaptureFixture[str], level: str, is_written: bool
) -> None:
    assert bool(_written(capsys, RequestLines(level=level))) is is_written


def test_the_level_of_the_log_hides_no_metric_that_alarms_watch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = repeated("GET", "/scim/v2/Users", "/Users", "acme", "t-1", "", "none")
    line = RequestLine(known, {"status": 429, "milliseconds": 1.5, "request": "r-1"})
    lines = RequestLines("scim", "WARNING", measured_by=BY_TENANT)
    lines.write(line, 429)
    counted = json.loads(capsys.readouterr().out)
    (described,) = counted.pop("_aws")["CloudWatchMetrics"]
    assert described["Dimensions"] == [list(each) for each in BY_TENANT]
    assert counted.keys() == {
        *(name for each in BY_TENANT for name in each),
        *(each["Name"] for each in described["Metrics"]),
    }
    assert (counted["service"], counted["tenant"], counted["TooManyRequests"]) == (
        "scim",
        "acme",
        1,
    )


def test_a_line_has_a_profile_where_there_is_one() -> None:
    without, with_one = (repeated("GET", "/", "/", "acme", "t-1", p, "curl") for p in ("", "rfc"))
    assert json.loads(f"{{{with_one.text}}}") == {**without.members, "profile": "rfc"}
    assert RequestLine(with_one, {"status": 200}).members == {**with_one.members, "status": 200}


def test_the_logger_is_made_once() -> None:
    assert logger() is logger()


def test_the_face_of_requests_imports_neither_powertools_nor_pydantic() -> None:
    program = (
        "import sys, scim.http.app;"
        "sys.exit(', '.join({'aws_lambda_powertools', 'pydantic', 'boto3'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert run.stderr.decode().strip() == ""


def test_a_tenant_does_not_see_which_calls_of_aws_failed() -> None:
    known = repeated("POST", "/scim/v2/Bulk", "/Bulk", "acme", "t-1", "", "none")
    reason = {"error": "Unavailable", "cause": "GetItem: ThrottlingException"}
    refused = {"refused": reason, "refusedOperations": {"number": 1, "first": [reason]}}
    line = RequestLine(known, {"status": 200, **refused})
    assert line.members["refusedOperations"] == refused["refusedOperations"]
    shown = {name: line.shown_members[name] for name in refused}
    assert "cause" not in str(shown)
    assert shown["refusedOperations"] == {"number": 1, "first": [{"error": "Unavailable"}]}
