"""The checks before a route serves a request: the tenant in the path, the request rate, the permission."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn, Protocol

from scim.errors import Forbidden, NotFound, TooManyRequests
from scim.http.message.request import Request, Route, unknown_caller
from scim.http.message.response import Reply
from scim.immutable import REMEMBERED
from scim.permission import Permissions
from scim.principal import Principal
from scim.profile.shipped import profile_or_default

NOBODY = Principal("", "nobody")
"""The caller without a token, for profiles whose discovery is open to everybody; no rate limit applies."""


class Rates(Protocol):
    """Counts the requests of each tenant."""

    def wait(self, tenant: str, rate: int) -> int:
        """Count a request; return the seconds that the tenant has to wait, 0 if it need not wait."""
        ...


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """Lets a request through or refuses it.

    `rate` applies to tenants without a rate of their own, in requests a second; 0 means no limit.
    """

    rates: Rates | None = None
    rate: int = 0
    permissions: Permissions = field(default_factory=Permissions.shipped)

    def guarded(self, rule: str, route: Route) -> Route:
        """Return the route with this check before it.

        Raises UndeclaredRoute when the permissions have no row for the rule.
        """
        permissions_by_method = self.permissions.needed(rule)
        is_granted = lru_cache(maxsize=REMEMBERED)(self.permissions.is_granted)

        def call(request: Request, **parameters: str) -> Reply:
            if not request.principal.tenant:
                self._require_open(permissions_by_method.get(request.method))
                return route(request, **parameters)
            _require_own_path(request)
            self._require_rate(request)
            # If the method has no row, the route itself refuses it.
            permission = permissions_by_method.get(request.method)
            if permission is not None and not is_granted(request.principal.scopes, permission):
                raise _without(permission, request.principal)
            return route(request, **parameters)

        return call

    def _require_open(self, permission: str | None) -> None:
        """Raise Unauthorized, for a caller without a token, unless every token has the permission."""
        if permission not in self.permissions.always:
            raise unknown_caller()

    def _require_rate(self, request: Request) -> None:
        caller = request.principal
        rate = self.rate if caller.rate is None else caller.rate
        if self.rates is None or rate <= 0:
            return
        seconds = self.rates.wait(caller.tenant, rate)
        if seconds > 0:
            raise TooManyRequests(
                f"Up to {rate} requests a second are taken; wait {seconds} s.", seconds
            )


def _without(permission: str, caller: Principal) -> Forbidden:
    """Return the refusal of a caller who lacks a permission; it uses the profile's name for the permission."""
    name = profile_or_default(caller.profile).auth.permissions.get(permission, permission)
    return Forbidden(f"These credentials do not have the permission {name}.")


def refuse_unserved_path(tenant: str) -> NoReturn:
    """Raise the refusal of a path that no route serves.

    A caller without a tenant gets the same refusal for every path.
    """
    if not tenant:
        raise unknown_caller()
    raise nothing_here()


def nothing_here() -> NotFound:
    """Return the refusal for a path that is not served, for whatever reason."""
    return NotFound("There is nothing at this path.")


def _require_own_path(request: Request) -> None:
    """Raise NotFound when the path names another tenant, whether or not that tenant exists."""
    if request.path_tenant not in (None, request.principal.tenant):
        raise nothing_here()
