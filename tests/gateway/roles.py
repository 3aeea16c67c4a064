"""The roles of template.yaml, enforced: a function may do only what its policies grant."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient

from local.functions import Function
from local.runtime import Runtime
from local.template import TEMPLATE, read
from scim.bootstrap.background import BackgroundTasks
from scim.store.dynamodb.json_client import JsonClient

_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
_CHECKS = {"ConditionCheck": "ConditionCheckItem"}
_ACTIONS = {
    "HeadObject": ("s3:GetObject", "s3:ListBucket"),
    "ListObjectsV2": ("s3:ListBucket",),
    "DeleteObjects": ("s3:DeleteObject",),
    "CreateMultipartUpload": ("s3:PutObject",),
    "UploadPart": ("s3:PutObject",),
    "CompleteMultipartUpload": ("s3:PutObject",),
    "SendMessageBatch": ("sqs:SendMessage",),
}
"""What IAM checks for the calls whose name is not that of an action."""
_PARTITION = re.compile(r"\s*\S+\s*=\s*(:\w+)")


@dataclass(frozen=True, slots=True)
class Access:
    """An action on the table or its index, and the partitions that it is about."""

    action: str
    partitions: tuple[str, ...]
    is_index: bool = False


def accesses(operation: str, request: Mapping[str, Any]) -> Iterator[Access]:
    """Yield what IAM checks for a request to DynamoDB."""
    if operation == "TransactWriteItems":
        for each in request["TransactItems"]:
            for kind, write in each.items():
                action = {**_WRITES, **_CHECKS}[kind]
                yield Access(f"dynamodb:{action}", (_partition(write),))
    elif operation == "BatchGetItem":
        for keys in request["RequestItems"].values():
            found = tuple(_text(key["pk"]) for key in keys["Keys"])
            yield Access("dynamodb:BatchGetItem", found)
    elif operation == "Query":
        name = _PARTITION.match(request["KeyConditionExpression"])
        assert name is not None
        value = _text(request["ExpressionAttributeValues"][name[1]])
        yield Access("dynamodb:Query", (value,), "IndexName" in request)
    else:
        yield Access(f"dynamodb:{operation}", (_partition(request),))


def _partition(request: Mapping[str, Any]) -> str:
    return _text((request.get("Key") or request["Item"])["pk"])


def _text(value: Any) -> str:
    return str(value["S"]) if isinstance(value, Mapping) else str(value)


def is_granted(statements: Sequence[Mapping[str, Any]], access: Access) -> bool:
    """Tell whether a statement allows the access: its action, its resource and all its partitions."""
    return any(_allows(each, access) for each in statements if each["Effect"] == "Allow")


def _allows(statement: Mapping[str, Any], access: Access) -> bool:
    if access.action not in statement["Action"]:
        return False
    if any("/index/" in each for each in statement["Resource"]) < access.is_index:
        return False
    patterns = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    return all(any(_is_like(key, each) for each in patterns) for key in access.partitions)


def _is_like(text: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


@dataclass
class Roles:
    """Watches what each function does to the table, and what it asks of other services."""

    statements: Mapping[str, Sequence[Mapping[str, Any]]]
    running: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    denied: set[tuple[str, str, str]] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def note(self, operation: str, request: Mapping[str, Any]) -> None:
        """Note the accesses of the running function that its role does not grant."""
        if not self.running:
            return
        name = self.running[-1]
        self.used.add(name)
        for access in accesses(operation, request):
            self.actions.add(access.action)
            if not is_granted(self.statements[name], access):
                forms = " ".join(sorted({_form(each) for each in access.partitions}))
                self.denied.add((name, access.action, forms))

    def note_other(self, service: str, operation: str) -> None:
        """Note what the running function asks of a service other than DynamoDB."""
        if not self.running:
            return
        name = self.running[-1]
        for action in _ACTIONS.get(operation, (f"{service}:{operation}",)):
            self.asked.add((name, action))

    def granted(self, name: str) -> set[tuple[str, str]]:
        """Return what a function's role grants of services other than DynamoDB."""
        actions = self._granted(name)
        return {(name, each) for each in actions if not each.startswith("dynamodb:")}

    def granted_actions(self) -> set[str]:
        """Return the actions on the table that any function's role grants."""
        actions = {action for name in self.statements for action in self._granted(name)}
        return {action for action in actions if action.startswith("dynamodb:")}

    def _granted(self, name: str) -> set[str]:
        allowed = (each for each in self.statements[name] if each["Effect"] == "Allow")
        return {action for each in allowed for action in _actions_of(each)}


def _actions_of(statement: Mapping[str, Any]) -> Sequence[str]:
    """Return a statement's actions; SAM writes a single one as a string."""
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def _form(partition: str) -> str:
    """Return a partition without its tenant and ids."""
    parts = partition.split("#")
    return f"T#*#{parts[2]}" if parts[0] == "T" else f"{parts[0]}#*"


@contextmanager
def watched_roles(monkeypatch: pytest.MonkeyPatch) -> Iterator[Roles]:
    """Watch all functions until the block ends; what they defer until after an answer is done at once."""
    deployed = read(TEMPLATE, parameters={"UmaChallenges": "true", "TokenEndpoint": "true"})
    names = deployed.ids_of("AWS::Lambda::Function")
    roles = Roles(
        {
            name: [
                statement
                for policy in deployed.properties_of(f"{name}Role").get("Policies", [])
                for statement in policy["PolicyDocument"]["Statement"]
            ]
            for name in names
        }
    )
    invoked, called, made = Runtime.invoke, JsonClient._called, BaseClient._make_api_call  # type: ignore[attr-defined]
    threads: list[int] = []

    def invoke(runtime: Runtime, arn: str, event: Mapping[str, Any]) -> Any:
        function: Function = runtime._functions[arn]
        with runtime._lock:
            roles.running.append(function.logical_id)
            threads.append(threading.get_ident())
            try:
                return invoked(runtime, arn, event)
            finally:
                threads.pop()
                roles.running.pop()

    def call(client: JsonClient, operation: str, request: Mapping[str, Any]) -> Any:
        roles.note(operation, request)
        return called(client, operation, request)

    def make(client: BaseClient, operation: str, request: Mapping[str, Any]) -> Any:
        # The interpreter of state machines and a test call AWS too, from other threads or between invocations.
        if threads[-1:] == [threading.get_ident()]:
            service = client.meta.service_model.endpoint_prefix
            roles.note_other(service, operation)
        return made(client, operation, request)

    monkeypatch.setattr(BaseClient, "_make_api_call", make)
    monkeypatch.setattr(Runtime, "invoke", invoke)
    monkeypatch.setattr(JsonClient, "_called", call)
    monkeypatch.setattr(BackgroundTasks, "do", lambda _self, task: task())
    yield roles
