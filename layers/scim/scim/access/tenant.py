"""A tenant and its settings."""

import re
from dataclasses import dataclass
from typing import Final

TENANT_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The names of tenants. They are parts of keys and of paths."""
SCHEMES = ("bearer", "bare", "token", "basic")
USUAL_SCHEMES = ("bearer", "bare")


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant; `rate` is its own limit in requests a second, None for the deployment's.

    `schemes` are the schemes in which its clients can send a token. `definitions` is the current
    version of its own definitions, and `endpoints` are those of its own types; both are stored with the
    definitions.
    """

    name: str
    created_at: str
    profile: str = ""
    schemes: tuple[str, ...] = USUAL_SCHEMES
    rate: int | None = None
    suspended_at: str | None = None
    definitions: str = ""
    endpoints: tuple[str, ...] = ()


class NameTaken(Exception):
    """A tenant of that name already exists."""
