"""Environment variables: set for a limited time, or passed on to other tools."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def environment(variables: Mapping[str, str], without: Iterable[str] = ()) -> Iterator[None]:
    """Set some variables and unset others until the block ends, then restore them."""
    old_values = {name: os.environ.get(name) for name in (*variables, *without)}
    _apply({**dict.fromkeys(without), **variables})
    try:
        yield
    finally:
        _apply(old_values)


def without_python_path() -> dict[str, str]:
    """Return this process's environment without the Makefile's PYTHONPATH, which would affect other tools' Python."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _apply(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
