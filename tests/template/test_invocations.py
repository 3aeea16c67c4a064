"""What AWS does for the stack is permitted: gateway, schedules, streams and the state machine reach their functions."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local import template as templates
from local.intrinsics import ACCOUNT_ID, REGION
from local.template import Template
from tests.gateway.roles.iam import Call, is_granted
from tests.template.document import APIS, ROOT

KEY = "arn:aws:kms:us-east-1:123456789012:key/0f9c1e5e"
EVERYTHING = {
    "UmaChallenges": "true",
    "TokenEndpoint": "true",
    "TableCheck": "on",
    "TableKeyArn": KEY,
}
MACHINE = ROOT / "functions" / "bulk_job" / "bulk_job.asl.json"
FOR_LAMBDA = {
    "dynamodb": ("AWSLambdaDynamoDBExecutionRole", {"ChangeLogFunction", "PublishFunction"}),
    "sqs": ("AWSLambdaSQSQueueExecutionRole", {"PushFunction"}),
}
"""The policies with which Lambda reads a source in the name of the function."""

Invocation = tuple[str, str, str]
"""The service, the ARN of what makes it invoke, and the ARN of the function's alias."""


@pytest.fixture(name="deployed", scope="module")
def _deployed() -> Template:
    return templates.read(ROOT / "template.yaml", parameters=EVERYTHING)


def _permitted(deployed: Template) -> set[Invocation]:
    return {
        (each["Principal"], each["SourceArn"], each["FunctionName"])
        for name in deployed.ids_of("AWS::Lambda::Permission")
        for each in [deployed.properties_of(name)]
        if each["Action"] == "lambda:InvokeFunction"
    }


def _by_gateway(deployed: Template, api: str) -> Iterator[Invocation]:
    """Yield the invocations of an API: its routes, and its authorizers."""
    source = f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{deployed.scope.name_of(api)}"
    body = deployed.properties_of(api)["Body"]
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            place = "/".join("*" if part[:1] == "{" else part for part in path.split("/"))
            uri = operation["x-amazon-apigateway-integration"]["uri"]
            yield "apigateway.amazonaws.com", f"{source}/*/{method.upper()}{place}", _function(uri)
    for scheme in body["components"]["securitySchemes"].values():
        if authorizer := scheme.get("x-amazon-apigateway-authorizer"):
            uri = authorizer["authorizerUri"]
            yield "apigateway.amazonaws.com", f"{source}/authorizers/*", _function(uri)


def _function(uri: str) -> str:
    return uri.partition("/functions/")[2].removesuffix("/invocations")


def _by_rules(deployed: Template) -> Iterator[Invocation]:
    for name in deployed.ids_of("AWS::Events::Rule"):
        for target in deployed.properties_of(name)["Targets"]:
            yield "events.amazonaws.com", deployed.scope.arn_of(name), target["Arn"]


def test_everything_that_invokes_a_function_may_and_nothing_else(deployed: Template) -> None:
    invocations = {each for api in APIS for each in _by_gateway(deployed, api)}
    invocations |= set(_by_rules(deployed))
    assert len(invocations) > 150
    assert _permitted(deployed) == invocations


def test_lambda_reads_the_sources_of_functions_and_tells_of_what_it_gives_up(
    deployed: Template,
) -> None:
    readers: dict[str, set[str]] = {}
    for name in deployed.ids_of("AWS::Lambda::EventSourceMapping"):
        source = deployed.properties_of(name)
        function = source["FunctionName"].removesuffix(":live").rpartition("local-")[2]
        service = source["EventSourceArn"].split(":")[2]
        readers.setdefault(service, set()).add(function)
        role = deployed.properties_of(f"{function}Role")
        (policy,) = (arn for arn in role["ManagedPolicyArns"] if FOR_LAMBDA[service][0] in arn)
        assert policy == f"arn:aws:iam::aws:policy/service-role/{FOR_LAMBDA[service][0]}"
        if service == "dynamodb":
            queue = source["DestinationConfig"]["OnFailure"]["Destination"]
            statements = [one for p in role["Policies"] for one in p["PolicyDocument"]["Statement"]]
            assert is_granted(statements, Call("sqs:SendMessage", queue))
    assert readers == {service: functions for service, (_, functions) in FOR_LAMBDA.items()}


def _states(states: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for state in states.values():
        yield state
        yield from _states(state.get("ItemProcessor", {}).get("States", {}))


def _asked_by_the_machine(deployed: Template) -> Iterator[Call]:
    """Yield what the state machine does in its states; as in the ASL, `${…}` is a substitution."""
    machine = deployed.properties_of("BulkJobMachine")
    text = MACHINE.read_text("utf-8")
    for name, value in machine["DefinitionSubstitutions"].items():
        text = text.replace(f"${{{name}}}", value)
    own_arn = deployed.scope.arn_of("BulkJobMachine")
    executions = own_arn.replace(":stateMachine:", ":execution:")
    for state in _states(json.loads(text)["States"]):
        if state["Type"] == "Task":
            assert state["Resource"] == "arn:aws:states:::lambda:invoke"
            yield Call("lambda:InvokeFunction", state["Parameters"]["FunctionName"])
        if reader := state.get("ItemReader"):
            assert reader["Resource"] == "arn:aws:states:::s3:getObject"
            bucket = reader["Parameters"]["Bucket"]
            yield Call("s3:GetObject", f"arn:aws:s3:::{bucket}/acme/job/layers/0.jsonl")
            yield Call("kms:Decrypt", KEY, {"kms:ViaService": (f"s3.{REGION}.amazonaws.com",)})
        if state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
            # Step Functions starts an execution for each item, in the name of the machine.
            yield Call("states:StartExecution", own_arn)
            for action in ("DescribeExecution", "StopExecution"):
                yield Call(f"states:{action}", f"{executions}:0f9c1e5e")
            yield Call("states:RedriveExecution", f"{executions}/DoLayer:0f9c1e5e")


def test_the_state_machine_is_granted_what_its_states_do_and_nothing_else(
    deployed: Template,
) -> None:
    policies = deployed.properties_of("BulkJobRole")["Policies"]
    policies = [*policies, deployed.properties_of("BulkJobMapPolicy")]
    statements = [one for each in policies for one in each["PolicyDocument"]["Statement"]]
    asked = list(_asked_by_the_machine(deployed))
    assert [call for call in asked if not is_granted(statements, call)] == []
    granted = {action for one in statements for action in one["Action"]}
    # These cannot be limited to resources: tracing, and setting up the delivery of the log.
    own = {action for action in granted if action.split(":")[0] not in {"xray", "logs"}}
    assert own == {call.action for call in asked}
