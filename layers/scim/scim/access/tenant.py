"""A tenant: what the operator has settled for it."""

from dataclasses import dataclass

SCHEMES = ("bearer", "bare", "token", "basic")
USUAL_SCHEMES = ("bearer", "bare")


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant; `rate` is its own limit in requests a second, None for the deployment's.

    `schemes` are the ways in which its clients may send a token. `definitions` is the version of
    its own definitions that is in force, and `endpoints` those of its own types: both are stored
    with the definitions.
    """

    name: str
    created_at: str
    profile: str = ""
    schemes: tuple[str, ...] = USUAL_SCHEMES
    rate: int | None = None
    suspended_at: str | None = None
    definitions: str = ""
    endpoints: tuple[str, ...] = ()


class Known(Exception):
    """There already is a tenant of that name."""
