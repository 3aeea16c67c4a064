"""What all tests share."""

import gc
import os
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import settings
from pydantic._internal import _fields

import local  # noqa: F401 - AWS's descriptions are read once a process, in tests too

# The tests do not depend on the shell that they are started from: its AWS account, proxy, and `scim` or `make run`.
for name in list(os.environ):
    if name.startswith(("AWS_", "SCIM_")) or name.lower().endswith("_proxy"):
        del os.environ[name]
for name in ("PORT", "STORE", "DATA", "WORKERS"):
    os.environ.pop(name, None)
os.environ |= {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}

# A machine that is busy with something else is no reason for a test to fail.
# Many more examples: make test ARGS=--hypothesis-profile=thorough
settings.register_profile("unhurried", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("unhurried")

# What a test of more than a unit, or one of its fixtures, has imported: a table, the local gateway, a process.
SERVICES = {"Gateway", "Runtime", "boto3", "local_client", "mock_aws", "moto_client", "subprocess"}

# scim2-models' models do without the texts of their attributes: for each, pydantic looks through all modules.
_fields.extract_docstrings_from_cls = lambda *_, **__: {}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage only in what the tests make: 3,000 modules and 12,000 tests stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs neither a table nor the local gateway, and the cases that others stand for."""
    cases: Counter[str] = Counter()
    for item in items:
        if sampled := item.get_closest_marker("sampled"):
            table = item.nodeid.partition("[")[0]
            if cases[table] % sampled.args[0]:
                item.add_marker(pytest.mark.long)
            cases[table] += 1
        if not any(SERVICES & names.keys() for names in _namespaces_of(item)):
            item.add_marker(pytest.mark.unit)


def _namespaces_of(item: pytest.Item) -> Iterator[dict[str, Any]]:
    """Yield the namespaces of a test's module and of those its fixtures are defined in."""
    assert isinstance(item, pytest.Function)
    yield item.function.__globals__
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        for definition in definitions:
            yield getattr(definition.func, "__globals__", {})


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a set by its members in order: its own order differs between a compiled and a loaded file."""
    return (
        "{" + ", ".join(sorted(map(repr, val))) + "}" if isinstance(val, set | frozenset) else None
    )
