"""Creates the template's state machines where the gateway's functions find them."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from local.clients import client
from local.intrinsics import ACCOUNT_ID
from local.state_machine.interpreter import Invoke, interpreter
from local.state_machine.status_change import status_publisher
from local.template import Template

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
