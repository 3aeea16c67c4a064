"""A directory that records how it was asked."""

from collections.abc import Callable
from typing import Any

from scim.service.ports import Directory
from tests.fakes.directory import FakeDirectory


class ObservedDirectory:
    """Passes everything on; `asked` are the names of the methods called, in order."""

    def __init__(self, inner: Directory | None = None) -> None:
        self._inner = inner or FakeDirectory()
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._inner, name)

        def observed(*arguments: Any) -> Any:
            self.asked.append(name)
            return method(*arguments)

        return observed
