"""A snapshot holds what every function would load and nothing that must be unique."""

import json
import random
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import scim
from scim.bootstrap.connection import json_client
from scim.bootstrap.snapshot import FROM_SNAPSHOTS, VARIABLE, loads_ahead, on_snapshot
from scim.store.dynamodb.connections import Connections
from scim.store.dynamodb.signature import SigningKeys

SNAPSHOTS = {VARIABLE: FROM_SNAPSHOTS}
KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
SOURCES = Path(scim.__file__).parent


class Hooks(ModuleType):
    """Lambda's library: what is registered, called in its order."""

    def __init__(self) -> None:
        super().__init__("snapshot_restore_py")
        self.before: list[Callable[[], object]] = []
        self.restored: list[Callable[[], object]] = []

    def register_before_snapshot(self, hook: Callable[[], object]) -> None:
        self.before.append(hook)

    def register_after_restore(self, hook: Callable[[], object]) -> None:
        self.restored.append(hook)

    def take(self) -> None:
        for hook in reversed(self.before):
            hook()

    def restore(self) -> None:
        for hook in self.restored:
            hook()


@pytest.fixture(name="hooks")
def _hooks(monkeypatch: pytest.MonkeyPatch) -> Hooks:
    hooks = Hooks()
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", hooks)
    return hooks


@pytest.fixture(name="listener")
def _listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.mark.parametrize("how", ["on-demand", "provisioned-concurrency", ""])
def test_a_function_without_snapshots_registers_no_hooks(hooks: Hooks, how: str) -> None:
    on_snapshot(list, list, {VARIABLE: how})
    assert (hooks.before, hooks.restored) == ([], [])


def test_a_runtime_without_the_library_starts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    on_snapshot(list, list, SNAPSHOTS)


def test_no_connection_is_open_when_the_snapshot_is_taken(listener: socket.socket) -> None:
    connections = Connections(f"http://127.0.0.1:{listener.getsockname()[1]}/", 1, 1)
    opened = connections._taken()
    accepted, _ = listener.accept()
    connections._idle.append(opened)
    connections.rest()
    accepted.settimeout(5)
    assert accepted.recv(1) == b""
    accepted.close()


def test_the_tls_context_is_loaded_before_the_snapshot() -> None:
    asked: list[str] = []

    def context() -> None:
        asked.append("context")

    Connections("https://dynamodb.example/", 1, 1, context).rest()  # type: ignore[arg-type]
    Connections("http://127.0.0.1:1/", 1, 1, context).rest()  # type: ignore[arg-type]
    assert asked == ["context"]


def test_a_restored_function_signs_with_keys_of_its_own() -> None:
    environ = dict(KEYS)
    keys = SigningKeys(environ)
    assert keys().access_key == "id"
    environ["AWS_ACCESS_KEY_ID"] = "another"
    keys.forget()
    assert keys().access_key == "another"


def test_the_client_of_the_table_is_called_before_and_after_the_snapshot(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Connections, "rest", lambda _: told.append("rest"))
    monkeypatch.setattr(SigningKeys, "forget", lambda _: told.append("forget"))
    json_client("http://127.0.0.1:1/", "eu-west-1", {**SNAPSHOTS, **KEYS})
    hooks.take()
    assert told == ["rest"]
    hooks.restore()
    assert told == ["rest", "forget"]


def test_restored_functions_do_not_continue_the_same_random_numbers(hooks: Hooks) -> None:
    loads_ahead((), SNAPSHOTS)
    state = random.getstate()
    drawn = []
    for _ in range(2):
        random.setstate(state)
        hooks.restore()
        drawn.append(random.getrandbits(64))
    assert drawn[0] != drawn[1]


def test_secret_and_unique_values_come_from_the_kernel() -> None:
    """Of the module `random`, whose state a snapshot holds, nothing is used but what has none."""
    texts = {file: file.read_text("utf-8") for file in SOURCES.rglob("*.py")}
    used = {
        (str(file.relative_to(SOURCES)), name)
        for file, text in texts.items()
        if re.search(r"^\s*(import|from) random\b", text, re.MULTILINE)
        for name in re.findall(r"\brandom\.(\w+)|from random import", text)
    }
    assert used == {("store/dynamodb/retry.py", "SystemRandom"), ("bootstrap/snapshot.py", "seed")}


FIRST_REQUESTS = """
import json, os, socket, sys
from tests.scim.bootstrap.test_snapshot import Hooks
hooks = sys.modules["snapshot_restore_py"] = Hooks()
from bench.caller import Caller
from bench.beside.requests import person
from local.gateway import Gateway
from local.runtime import _loaded

def refused(*_):
    raise OSError("a function connects while it is loaded")

with Gateway.start("moto", {"LogLevel": "INFO", "Meter": "1", "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}) as gateway:
    from local.environment import environment
    connect, socket.socket.connect = socket.socket.connect, refused
    for function in gateway._runtime._functions.values():
        if function.logical_id in ("UsersFunction", "AuthorizerFunction"):
            with environment(function.environment):
                gateway._runtime._handlers[function.arn] = _loaded(function)
    hooks.take()
    socket.socket.connect = connect
    before = set(sys.modules)
    hooks.restore()
    caller = Caller(gateway)
    where = "/Users/" + caller.call("POST", "/Users", person(1), 201).body["id"]
    caller.call("GET", where)
    caller.search("/Users", 'userName eq "person1@example.com"')
    caller.patch(where, {"op": "replace", "path": "title", "value": "x"}, expected=200)
    caller.call("PUT", where, person(1))
    caller.call("DELETE", where, expected=204)
    new = sorted(name for name in set(sys.modules) - before if name.split(".")[0] in ("scim", "botocore"))
    print(json.dumps(new))
"""


@pytest.mark.long
def test_the_first_requests_of_a_restored_function_load_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_REQUESTS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
