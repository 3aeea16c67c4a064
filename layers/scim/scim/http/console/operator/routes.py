"""The routes of the operator's console, below `/console/api`: the operations of administration, and
the content of directories.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scim.errors import Forbidden, NotFound
from scim.http.console.app import Call, ConsoleRoute, show_session
from scim.http.console.resources import TenantResources
from scim.http.console.sessions import actor_of
from scim.http.console.trial import Trials
from scim.service.administration.operations import CONSOLE_LINKS, performed
from scim.service.administration.ports import Administration

MOST = 100


@dataclass(frozen=True, slots=True)
class OperatorConsole:
    """The routes of the console."""

    administration: Administration
    resources: TenantResources
    trials: Trials

    def routes(self) -> Mapping[str, ConsoleRoute]:
        """Return the routes for the paths in definitions/console.json."""
        return {
            "/session": show_session,
            "/tenants/{tenant}/types": self.types,
            "/tenants/{tenant}/trial": self.try_request,
            "/tenants/{tenant}/resources/{type}": self.find,
            "/admin/{path+}": self.administer,
        }

    def types(self, call: Call) -> object:
        """Return the resource types that the tenant's API serves, with the number of resources of each."""
        return {"items": self.resources.types(self._tenant_of(call))}

    def find(self, call: Call) -> object:
        """Return a page of resources of a type that match a filter."""
        name, type_name = self._tenant_of(call), call.parameters["type"]
        return self.resources.find(name, type_name, call.base, call.query, MOST)

    def try_request(self, call: Call) -> object:
        """Return the response to an API request; a write is a dry run."""
        return self.trials.response_to(call, self._tenant_of(call), call.body)

    def administer(self, call: Call) -> Any:
        """Perform an operation of the command line and the Admin API on behalf of the session."""
        path, actor = f"/{call.parameters['path']}", actor_of(call.session)
        if path.startswith(CONSOLE_LINKS):
            raise Forbidden(
                "A console session cannot create, list or revoke links to the console; use scim console."
            )
        parameters = {**call.query, **call.body}
        result = performed(self.administration, actor, call.method, path, parameters)
        return {**result.body, "notes": list(result.notes)} if result.notes else dict(result.body)

    def _tenant_of(self, call: Call) -> str:
        name = call.parameters["tenant"]
        if self.administration.tenants.find(name) is None:
            raise NotFound("There is no tenant with this name.")
        return name
