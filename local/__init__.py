"""Code that runs on a developer's machine and is never deployed: the local gateway and the rehearsals."""

from contextlib import suppress
from functools import cache
from inspect import CO_VARKEYWORDS
from typing import Any

with suppress(ImportError):  # some tools run in a separate environment without botocore
    import botocore.hooks
    import botocore.loaders

    _searched = botocore.hooks.accepts_kwargs

    def _accepts_kwargs(function: Any) -> Any:
        """Read the flag of the function's code: a session asks this about 300 handlers."""
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        return _searched(function) if code is None else bool(code.co_flags & CO_VARKEYWORDS)

    botocore.hooks.accepts_kwargs = _accepts_kwargs  # type: ignore[assignment]

    # Otherwise each session reads the descriptions of all AWS services again: a quarter of the start's time.
    botocore.loaders.create_loader = cache(botocore.loaders.create_loader)

    # Otherwise each session and each client looks through all aliases for each name of an event.
    _aliaser: Any = botocore.hooks.EventAliaser
    _aliaser._alias_event_name = _aliaser(None)._alias_event_name  # noqa: SLF001
