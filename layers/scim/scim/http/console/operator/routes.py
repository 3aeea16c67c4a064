"""The routes of the operator's console, below `/console/api`: the operations of administration, a
state for each tenant, and what directories hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scim.errors import Forbidden, NotFound
from scim.http.console.app import Call, ConsoleRoute, session_shown
from scim.http.console.operator.overview import overview
from scim.http.console.resources import TenantResources
from scim.http.console.sessions import actor_of
from scim.http.console.trial import Trials
from scim.service.administration.operations import CONSOLE_LINKS, performed
from scim.service.administration.ports import Administration

PAGE, MOST = 25, 100


@dataclass(frozen=True, slots=True)
class OperatorConsole:
    """What the console may ask for. Days: after which a tenant is silent, before which a token ends soon."""

    administration: Administration
    resources: TenantResources
    trials: Trials
    silent_days: int
    ending_days: int

    def routes(self) -> Mapping[str, ConsoleRoute]:
        """Return the routes, of the paths of definitions/console.json."""
        return {
            "/session": session_shown,
            "/overview": self.overview,
            "/tenants/{tenant}/types": self.types,
            "/tenants/{tenant}/trial": self.tried,
            "/tenants/{tenant}/resources/{type}": self.found,
            "/admin/{path+}": self.administered,
        }

    def overview(self, call: Call) -> object:
        """Return tenants and how they are, a page at a time."""
        after = call.query.get("after", "")
        return overview(self.administration, after, PAGE, self.silent_days, self.ending_days)

    def types(self, call: Call) -> object:
        """Return the resource types a tenant is served, with the number of resources of each."""
        return {"items": self.resources.types(self._known(call))}

    def found(self, call: Call) -> object:
        """Return a page of resources of a type that match a filter."""
        name, type_name = self._known(call), call.parameters["type"]
        return self.resources.found(name, type_name, call.base, call.query, MOST)

    def tried(self, call: Call) -> object:
        """Return what a request of the API is answered with; a write is only tried."""
        return self.trials.answered(call, self._known(call), call.body)

    def administered(self, call: Call) -> Any:
        """Do what the command line and the Admin API do, in the name of the session."""
        path, actor = f"/{call.parameters['path']}", actor_of(call.opened)
        if path == CONSOLE_LINKS:
            raise Forbidden("A link to the console is not made from within: scim console open.")
        given = {**call.query, **call.body}
        done = performed(self.administration, actor, call.method, path, given)
        return {**done.body, "notes": list(done.notes)} if done.notes else dict(done.body)

    def _known(self, call: Call) -> str:
        name = call.parameters["tenant"]
        if self.administration.tenants.find(name) is None:
            raise NotFound("There is no tenant of this name.")
        return name
