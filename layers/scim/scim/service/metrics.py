"""Metrics in CloudWatch's embedded format: log lines, so that none is lost with an instance."""

import json
import sys
import time
from collections.abc import Mapping, Sequence

NAMESPACE = "ServerlessScim"
SERVICE, TENANT, OPERATION, TOLERANCE = "service", "tenant", "operation", "tolerance"
BY_OPERATION: tuple[tuple[str, ...], ...] = ((SERVICE,), (SERVICE, OPERATION))
BY_TENANT: tuple[tuple[str, ...], ...] = (*BY_OPERATION, (SERVICE, TENANT))
"""The dimensions by which requests are counted; CloudWatch bills each combination of values."""

_COUNT = "Count"


def embedded(metrics: Mapping[str, str], dimensions: Sequence[Sequence[str]]) -> dict[str, object]:
    """Return the member of a log line that makes metrics of other members; `metrics` maps name to unit."""
    definitions = [{"Name": name, "Unit": unit} for name, unit in metrics.items()]
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [list(dimension) for dimension in dimensions],
        "Metrics": definitions,
    }
    return {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}}


def of_request(status: int, dimensions: Sequence[Sequence[str]]) -> dict[str, object]:
    """Return the members that count a request in its log line; the line has its duration already."""
    counts = {
        "Requests": 1,
        "ClientErrors": int(status // 100 == 4),
        "ServerErrors": int(status // 100 == 5),
        "TooManyRequests": int(status == 429),
    }
    units = {**dict.fromkeys(counts, _COUNT), "milliseconds": "Milliseconds"}
    return {**embedded(units, dimensions), **counts}


def write(line: Mapping[str, object]) -> None:
    """Write a log line that contains only metrics."""
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
