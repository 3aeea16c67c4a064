"""Metrics are lines of the log in CloudWatch's embedded format."""

import json

import pytest

from scim.service.metrics import BY_TENANT, embedded, of_request, write


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        (200, (1, 0, 0, 0)),
        (404, (1, 1, 0, 0)),
        (429, (1, 1, 0, 1)),
        (503, (1, 0, 1, 0)),
    ],
)
def test_a_request_is_counted_by_the_kind_of_its_status(
    status: int, counted: tuple[int, ...]
) -> None:
    line = of_request(status, BY_TENANT)
    names = ("Requests", "ClientErrors", "ServerErrors", "TooManyRequests")
    assert tuple(line[name] for name in names) == counted


def test_the_line_has_the_values_and_dimensions_of_its_metric(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write({**embedded({"Silent": "Count"}, (("service",),)), "service": "scim", "Silent": 2})
    line = json.loads(capsys.readouterr().out)
    (described,) = line["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == "ServerlessScim"
    assert [line[each["Name"]] for each in described["Metrics"]] == [2]
    assert [line[name] for name in described["Dimensions"][0]] == ["scim"]
