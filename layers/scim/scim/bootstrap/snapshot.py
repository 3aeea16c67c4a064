"""What a function does before Lambda takes a snapshot of it, and when it is restored from one (SnapStart).

A snapshot is taken once, when a version is published, and every execution environment of that version begins
with it. So there may be nothing in it that has to be each one's own: no open connection, no keys to sign with, no state of
a random generator. What may be in it is what each would load for itself. Hooks are registered by the library
that Lambda's managed runtimes have for it (`snapshot_restore_py`); elsewhere there are none.
"""

import os
import random
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Final

VARIABLE: Final = "AWS_LAMBDA_INITIALIZATION_TYPE"
FROM_SNAPSHOTS: Final = "snap-start"
"""What Lambda says in that variable where a snapshot is about to be taken."""

OF_ANY_CALL: Final = ("botocore.session", "ssl")
"""Where a snapshot is restored, botocore finds the keys: no request should wait until it is loaded."""
OF_REQUESTS: Final = (
    "scim.filter.parsing.antlr",
    "scim.filter.parsing.shipped",
    "scim.http.message.query",
    "scim.http.refusal",
    "scim.patch.apply",
    "scim.patch.rewrites.normalise",
    "scim.service.query.search",
    "scim.service.resources.create",
    "scim.service.resources.delete",
    "scim.service.resources.modify",
    "scim.service.resources.replace",
    "scim.service.visibility.queries",
    *OF_ANY_CALL,
)
"""What the first requests of a function would load, which loads it where it is needed."""
OF_CALLERS: Final = ("scim.auth.external_tokens", *OF_ANY_CALL)
"""The same of the authorizer."""


def on_snapshot(
    before: Callable[[], object],
    restored: Callable[[], object],
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Call `before` when all is loaded and the snapshot is about to be taken, `restored` after each restoration.

    Nothing is called where Lambda starts the function in the usual way.
    """
    if environ.get(VARIABLE) != FROM_SNAPSHOTS:
        return
    try:
        hooks = import_module("snapshot_restore_py")
    except ImportError:
        # A runtime of one's own, without the library: the snapshot is right all the same, but not as warm.
        return
    hooks.register_before_snapshot(before)
    hooks.register_after_restore(restored)


def loads_ahead(modules: Iterable[str], environ: Mapping[str, str] = os.environ) -> None:
    """Let a snapshot hold these modules, and no restored function continue another's random numbers."""

    def load() -> None:
        for module in modules:
            import_module(module)

    # What is secret or must be unique comes from the kernel; this is for pauses in libraries.
    on_snapshot(load, random.seed, environ)
