"""What a function does before Lambda takes a snapshot of it, and after it is restored from one (SnapStart).

Lambda takes a snapshot once, when a version is published, and starts every execution environment of that
version from it. So it must not contain anything that each environment needs for itself: open connections,
signing keys, the state of a random generator. It may contain the modules that each would load. Hooks are
registered with the library in Lambda's managed runtimes (`snapshot_restore_py`); elsewhere there are none.
"""

import os
import random
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Final

VARIABLE: Final = "AWS_LAMBDA_INITIALIZATION_TYPE"
FROM_SNAPSHOTS: Final = "snap-start"
"""The value of that variable where a snapshot will be taken."""

OF_ANY_CALL: Final = ("botocore.session", "ssl")
"""After a restore botocore finds the signing keys: no request should wait until it is loaded."""
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
"""The modules that a function would otherwise load during its first requests."""
OF_CALLERS: Final = ("scim.auth.external_tokens", *OF_ANY_CALL)
"""The same for the authorizer."""


def on_snapshot(
    before: Callable[[], object],
    restored: Callable[[], object],
    environ: Mapping[str, str],
) -> None:
    """Call `before` when all is loaded and the snapshot is about to be taken, `restored` after each restore.

    Neither is called where Lambda starts the function without a snapshot.
    """
    if environ.get(VARIABLE) != FROM_SNAPSHOTS:
        return
    try:
        hooks = import_module("snapshot_restore_py")
    except ImportError:
        # A custom runtime without the library: the snapshot is still correct, but not as warm.
        return
    hooks.register_before_snapshot(before)
    hooks.register_after_restore(restored)


def loads_ahead(modules: Iterable[str], environ: Mapping[str, str] = os.environ) -> None:
    """Load these modules into the snapshot, and reseed the random generator after each restore."""

    def load() -> None:
        for module in modules:
            import_module(module)

    # Secrets and unique values come from the kernel; the reseeding is for random pauses in libraries.
    on_snapshot(load, random.seed, environ)
