"""Creates the template's state machines where the gateway's functions find them, and reports how executions end.

EventBridge would report it: it invokes functions by the rules of the template.
"""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local.clients import client
from local.intrinsics import ACCOUNT_ID, REGION
from local.state_machine.interpreter import Invoke, interpreter
from local.template import Template

RULE = "AWS::Events::Rule"
TYPE = "AWS::StepFunctions::StateMachine"
_SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9]+)\}")


@contextmanager
def interpreted(template: Template, invoke: Invoke) -> Iterator[None]:
    """Create the template's state machines and run their executions until the block ends."""
    with interpreter(invoke, status_publisher(template, invoke)):
        machines = client("stepfunctions")
        created = [
            machines.create_state_machine(
                name=template.scope.name_of(logical_id),
                definition=definition_of(template, logical_id),
                roleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/local",
            )["stateMachineArn"]
            for logical_id in template.ids_of(TYPE)
        ]
        yield
        for arn in created:
            for execution in machines.list_executions(stateMachineArn=arn)["executions"]:
                if execution["status"] == "RUNNING":
                    machines.stop_execution(executionArn=execution["executionArn"])


def definition_of(template: Template, logical_id: str) -> str:
    """Return the ASL of a state machine with the template's substitutions."""
    properties = template.properties_of(logical_id)
    values = properties.get("DefinitionSubstitutions", {})
    location = properties["DefinitionS3Location"]
    path = template.root / str(location.get("Key", location.get("S3Key")))
    text = path.read_text(encoding="utf-8")
    json.loads(text)
    return _SUBSTITUTION.sub(lambda found: str(values[found[1]]), text)


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
