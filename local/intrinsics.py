"""CloudFormation's intrinsic functions, as far as this project's template uses them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACCOUNT_ID = "123456789012"
REGION = "us-east-1"

_NO_VALUE = object()
_ALIAS = "AWS::Lambda::Alias"
_SUB = re.compile(r"\$\{(!?)([^}]+)\}")

# The part of an ARN from the service to the name, for the types whose ARN is used.
_ARNS = {
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::StepFunctions::StateMachine": "states:{region}:{account}:stateMachine:{name}",
    "AWS::Events::Rule": "events:{region}:{account}:rule/{name}",
    "AWS::Events::EventBus": "events:{region}:{account}:event-bus/{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::Lambda::LayerVersion": "lambda:{region}:{account}:layer:{name}:1",
}
_NAMED_BY = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::Events::EventBus": "Name",
    "AWS::SQS::Queue": "QueueName",
    "AWS::ApiGateway::Stage": "StageName",
    "AWS::KMS::Alias": "AliasName",
}
_REFERRED_TO_BY_ARN = {
    "AWS::Lambda::LayerVersion",
    "AWS::StepFunctions::StateMachine",
    "AWS::SNS::Topic",
    _ALIAS,
}
_PSEUDO_PARAMETERS = {
    "AWS::NoValue": _NO_VALUE,
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}


class UnknownIntrinsicError(ValueError):
    """The template uses something the local gateway cannot evaluate."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What references in a template resolve to when it is deployed here as `stack`."""

    stack: str
    parameters: Mapping[str, Any]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Any]

    def value_of(self, node: Any) -> Any:
        """Return the node with every intrinsic in it evaluated."""
        value = self._evaluated(node)
        return None if value is _NO_VALUE else value

    def holds(self, condition: str) -> bool:
        if condition not in self.conditions:
            raise UnknownIntrinsicError(f"The template has no condition {condition}.")
        return bool(self._evaluated(self.conditions[condition]))

    def name_of(self, logical_id: str) -> str:
        """Return the physical name of a resource: its own if it has one, else one made from the stack."""
        resource = self.resources[logical_id]
        named_by = _NAMED_BY.get(resource["Type"])
        explicit_name = resource.get("Properties", {}).get(named_by) if named_by else None
        if explicit_name is not None and (name := self.value_of(explicit_name)):
            return str(name)
        name = f"{self.stack}-{logical_id}"
        return name.lower() if resource["Type"] == "AWS::S3::Bucket" else name

    def arn_of(self, logical_id: str) -> str:
        if self.resources[logical_id]["Type"] == _ALIAS:
            properties = self.resources[logical_id]["Properties"]
            return f"{self.arn_of(properties['FunctionName']['Ref'])}:{properties['Name']}"
        pattern = _ARNS.get(self.resources[logical_id]["Type"], "local:{region}:{account}:{name}")
        return "arn:aws:" + pattern.format(
            region=REGION, account=ACCOUNT_ID, name=self.name_of(logical_id)
        )

    def _evaluated(self, node: Any) -> Any:
        if isinstance(node, list):
            return [value for value in map(self._evaluated, node) if value is not _NO_VALUE]
        if not isinstance(node, Mapping):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            if key in {"Ref", "Condition"} or str(key).startswith("Fn::"):
                return self._intrinsic(str(key), argument)
        evaluated = {key: self._evaluated(value) for key, value in node.items()}
        return {key: value for key, value in evaluated.items() if value is not _NO_VALUE}

    def _intrinsic(self, name: str, argument: Any) -> Any:
        match name, argument:
            case "Ref", str():
                return self._referred_to(argument)
            case "Fn::GetAtt", [logical_id, attribute]:
                return self._attribute(logical_id, attribute)
            case "Fn::GetAtt", str():
                return self._attribute(*argument.split(".", 1))
            case "Fn::Sub", str():
                return self._substituted(argument, {})
            case "Fn::Sub", [text, variables]:
                values = {key: self._evaluated(value) for key, value in variables.items()}
                return self._substituted(text, values)
            case "Fn::If", [condition, then, otherwise]:
                return self._evaluated(then if self.holds(condition) else otherwise)
            case "Fn::Join", [separator, parts]:
                return str(separator).join(str(part) for part in self._evaluated(parts))
            case _:
                return self._truth(name, argument)

    def _truth(self, name: str, argument: Any) -> bool:
        match name, argument:
            case "Condition", str():
                return self.holds(argument)
            case "Fn::Equals", [left, right]:
                return str(self._evaluated(left)) == str(self._evaluated(right))
            case "Fn::Not", [condition]:
                return not self._evaluated(condition)
            case "Fn::And", list():
                return all(self._evaluated(condition) for condition in argument)
            case "Fn::Or", list():
                return any(self._evaluated(condition) for condition in argument)
        raise UnknownIntrinsicError(f"The local gateway cannot evaluate {name} with {argument!r}.")

    def _referred_to(self, name: str) -> Any:
        if name in _PSEUDO_PARAMETERS:
            return _PSEUDO_PARAMETERS[name]
        if name == "AWS::StackName":
            return self.stack
        if name == "AWS::StackId":
            return f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/{self.stack}/local"
        if name in self.parameters:
            return self.parameters[name]
        if name not in self.resources:
            raise UnknownIntrinsicError(f"The template refers to {name}, which it does not define.")
        if self.resources[name]["Type"] == "AWS::SQS::Queue":
            return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/{self.name_of(name)}"
        if self.resources[name]["Type"] in _REFERRED_TO_BY_ARN:
            return self.arn_of(name)
        return self.name_of(name)

    def _attribute(self, logical_id: str, attribute: str) -> str:
        if logical_id not in self.resources:
            raise UnknownIntrinsicError(
                f"The template refers to {logical_id}, which it does not define."
            )
        match attribute:
            case "Arn" | "TopicArn" | "LayerVersionArn":
                return self.arn_of(logical_id)
            case "StreamArn":
                return f"{self.arn_of(logical_id)}/stream/local"
            case "Name" | "QueueName":
                return self.name_of(logical_id)
        return f"{self.name_of(logical_id)}.{attribute}"

    def _substituted(self, text: str, variables: Mapping[str, Any]) -> str:
        def value(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in variables:
                return str(variables[name])
            if "." in name:
                return self._attribute(*name.split(".", 1))
            return str(self._referred_to(name))

        return _SUB.sub(value, text)
