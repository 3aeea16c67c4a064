"""The routes of the operator's console, below `/console/api`: the operations of administration, and
the content of directories.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scim.errors import Forbidden, NotFound
from scim.http.console.app import Call, ConsoleRoute, session_shown
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
            "/session": session_shown,
            "/tenants/{tenant}/types": self.types,
            "/tenants/{tenant}/trial": self.tried,
            "/tenants/{tenant}/resources/{type}": self.found,
            "/admin/{path+}": self.administered,
        }

    def types(self, call: Call) -> object:
        """Return the resource types that the tenant's API serves, with the number of resources of each."""
        return {"items": self.resources.types(self._known(call))}

    def found(self, call: Call) -> object:
        """Return a page of resources of a type that match a filter."""
        name, type_name = self._known(call), call.parameters["type"]
        return self.resources.found(name, type_name, call.base, call.query, MOST)

    def tried(self, call: Call) -> object:
        """Return the response to an API request; a write is a dry run."""
        return self.trials.answered(call, self._known(call), call.body)

    def administered(self, call: Call) -> Any:
        """Perform an operation of the command line and the Admin API on behalf of the session."""
        path, actor = f"/{call.parameters['path']}", actor_of(call.opened)
        if path == CONSOLE_LINKS:
            raise Forbidden(
                "A console session cannot create links to the console; use scim console open."
            )
        given = {**call.query, **call.body}
        done = performed(self.administration, actor, call.method, path, given)
        return {**done.body, "notes": list(done.notes)} if done.notes else dict(done.body)

    def _known(self, call: Call) -> str:
        name = call.parameters["tenant"]
        if self.administration.tenants.find(name) is None:
            raise NotFound("There is no tenant with this name.")
        return name
