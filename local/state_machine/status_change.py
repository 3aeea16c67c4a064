"""EventBridge's part: invokes functions when an execution ends, by the rules of the template."""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from local.intrinsics import ACCOUNT_ID, REGION
from local.template import Template

RULE = "AWS::Events::Rule"


def status_publisher(
    template: Template, invoke: Callable[[str, Any], Any]
) -> Callable[[Mapping[str, Any]], None]:
    """Return a function to call with each ended execution, in the form of DescribeExecution."""
    rules = [template.properties_of(logical_id) for logical_id in template.ids_of(RULE)]

    def ended(execution: Mapping[str, Any]) -> None:
        event = event_of(execution)
        for rule in rules:
            if "EventPattern" in rule and is_matched(rule["EventPattern"], event):
                for target in rule["Targets"]:
                    invoke(target["Arn"], event)

    return ended


def event_of(execution: Mapping[str, Any]) -> dict[str, Any]:
    """Return EventBridge's event for an execution."""
    known = ("executionArn", "stateMachineArn", "name", "status", "input")
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": ACCOUNT_ID,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": REGION,
        "resources": [execution["executionArn"]],
        "detail": json.loads(json.dumps({name: execution[name] for name in known})),
    }


def is_matched(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Tell whether an event matches a pattern: at each place, one of the pattern's values."""
    return all(
        is_matched(wanted, event.get(name, {}))
        if isinstance(wanted, Mapping)
        else event.get(name) in wanted
        for name, wanted in pattern.items()
    )
