"""The roles of template.yaml, enforced: a function may do only what its policies grant."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from botocore.client import BaseClient

from local.functions import Function
from local.gateway import Gateway
from local.runtime import Runtime
from local.template import Template
from scim.bootstrap.background import BackgroundTasks
from scim.store.dynamodb.json_client import JsonClient
from scim.store.jobs.files import S3Payloads
from tests.gateway.roles.calls import calls_of
from tests.gateway.roles.iam import Call, Statement, has_action, is_granted, listed

_ID = re.compile(r"(?<=#)[^#]+(?=#|$)|(?<=/)[^/]+")
_PRESIGNED = {"get_object": "GetObject", "put_object": "PutObject"}


@dataclass(frozen=True, slots=True)
class Role:
    """What a function of a deployment may do."""

    function: str
    statements: Sequence[Statement]
    template: Template
    by_action: dict[str, Sequence[Statement]] = field(default_factory=dict, compare=False)

    def statements_with(self, action: str) -> Sequence[Statement]:
        """Return the statements about an action; a function asks for the same few again and again."""
        if action not in self.by_action:
            having = [each for each in self.statements if has_action(each, action)]
            self.by_action[action] = having
        return self.by_action[action]

    @property
    def actions(self) -> set[str]:
        """The actions that a statement allows."""
        allowed = (each for each in self.statements if each["Effect"] == "Allow")
        return {action for each in allowed for action in listed(each["Action"])}


@dataclass
class Roles:
    """Watches what the functions of all gateways ask of AWS."""

    by_function: dict[tuple[Runtime, str], Role] = field(default_factory=dict)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    denied: set[tuple[str, str, str]] = field(default_factory=set)

    def know(self, runtime: Runtime, template: Template) -> None:
        """Remember the roles of a deployment's functions; several deployments of a test may have the same names."""
        for name in template.ids_of("AWS::Lambda::Function"):
            policies = template.properties_of(f"{name}Role").get("Policies", [])
            statements = [one for each in policies for one in each["PolicyDocument"]["Statement"]]
            self.by_function[runtime, name] = Role(name, statements, template)

    def note(self, service: str, operation: str, request: Mapping[str, Any]) -> None:
        """Note what the running function asks, and what of it its role does not grant."""
        role = _running.get()
        if role is None:
            return
        for call in calls_of(service, operation, request, role.template):
            self.asked[role.function, call.action] += 1
            if not is_granted(role.statements_with(call.action), call):
                self.denied.add((role.function, call.action, _form(call)))

    def granted(self) -> set[tuple[str, str]]:
        """Return each function with each action that its role grants."""
        return {
            (role.function, each) for role in self.by_function.values() for each in role.actions
        }


_running: ContextVar[Role | None] = ContextVar("running", default=None)
"""The role of the function that runs here; a test itself asks AWS for things too."""


def _form(call: Call) -> str:
    """Return what a call is about without tenants and ids; denied calls of one form are one defect."""
    partitions = call.keys.get("dynamodb:LeadingKeys", ())
    return " ".join(sorted({_ID.sub("*", each, count=1) for each in partitions})) or call.resource


@contextmanager
def watched_roles() -> Iterator[Roles]:
    """Watch the functions of all gateways that are started until the block ends."""
    roles = Roles()
    with pytest.MonkeyPatch.context() as patch:
        _watch_functions(patch, roles)
        _watch_requests(patch, roles)
        yield roles


def _watch_functions(patch: pytest.MonkeyPatch, roles: Roles) -> None:
    opened, invoked = Gateway.__init__, Runtime.invoke
    submitted, deferred = ThreadPoolExecutor.submit, BackgroundTasks.do

    def open_(gateway: Gateway, template: Template, *given: Any, **named: Any) -> None:
        opened(gateway, template, *given, **named)
        roles.know(gateway._runtime, template)

    def invoke(runtime: Runtime, arn: str, event: Mapping[str, Any]) -> Any:
        function: Function = runtime._functions[arn]
        token = _running.set(roles.by_function.get((runtime, function.logical_id)))
        try:
            return invoked(runtime, arn, event)
        finally:
            _running.reset(token)

    def submit(pool: ThreadPoolExecutor, task: Any, *given: Any, **named: Any) -> Future[Any]:
        return submitted(pool, copy_context().run, task, *given, **named)

    def defer(tasks: BackgroundTasks, task: Callable[[], None]) -> None:
        deferred(tasks, partial(copy_context().run, task))

    patch.setattr(Gateway, "__init__", open_)
    patch.setattr(Runtime, "invoke", invoke)
    patch.setattr(ThreadPoolExecutor, "submit", submit)
    patch.setattr(BackgroundTasks, "do", defer)


def _watch_requests(patch: pytest.MonkeyPatch, roles: Roles) -> None:
    called, made, signed = JsonClient._called, BaseClient._make_api_call, S3Payloads._url  # type: ignore[attr-defined]

    def call(client: JsonClient, operation: str, request: Mapping[str, Any]) -> Any:
        roles.note("dynamodb", operation, request)
        return called(client, operation, request)

    def make(client: BaseClient, operation: str, request: Mapping[str, Any]) -> Any:
        roles.note(client.meta.service_model.signing_name, operation, request)
        return made(client, operation, request)

    def sign(files: S3Payloads, action: str, key: str, *given: Any) -> str:
        # Who uses the address has the rights of the function that signed it.
        roles.note("s3", _PRESIGNED[action], {"Bucket": files._bucket, "Key": key})
        return signed(files, action, key, *given)

    patch.setattr(JsonClient, "_called", call)
    patch.setattr(BaseClient, "_make_api_call", make)
    patch.setattr(S3Payloads, "_url", sign)
