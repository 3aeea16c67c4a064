"""The routes of the setup portal, below `/setup/api`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scim.errors import Conflict, InvalidValue
from scim.http.console.app import Call, ConsoleRoute, session_shown
from scim.http.console.pages import providers
from scim.http.console.resources import TenantResources
from scim.http.console.setup.progress import gathered, progress_of, refusals_in
from scim.http.console.setup.review import reviewed
from scim.http.console.setup.tokens import PortalTokens
from scim.mount import MOUNT
from scim.store.access.onboarding import Onboardings
from scim.store.access.request_log import RequestLogs

MOST = 500
"""Requests that are looked at."""
_LONGEST_MAIL = 254


@dataclass(frozen=True, slots=True)
class SetupPortal:
    """What the portal of a tenant may ask for; `logs` keeps no requests where the deployment does not."""

    tokens: PortalTokens
    onboardings: Onboardings
    logs: RequestLogs
    resources: TenantResources
    now: Callable[[], str]

    def routes(self) -> Mapping[str, ConsoleRoute]:
        """Return the routes, of the paths of definitions/console.json."""
        return {
            "/session": session_shown,
            "/state": self.state,
            "/tokens": self.make_token,
            "/tokens/{id}": self.revoke_token,
            "/progress": self.progress,
            "/review": self.reviewed,
            "/activation": self.activate,
            "/health": self.health,
        }

    def state(self, call: Call) -> object:
        """Return how far the setup is; PUT says which provider it is, and whom to mail."""
        own = self.onboardings.find(call.tenant)
        if call.method == "PUT":
            told = {name: _text(call.body, name) for name in ("provider", "mail")}
            own = replace(own, **{name: text for name, text in told.items() if text is not None})
            if own.provider and own.provider not in providers():
                known = ", ".join(sorted(providers()))
                raise InvalidValue(f"provider: expected one of {known}.")
            self.onboardings.save(call.tenant, own, self.now())
        return {
            "tenant": call.tenant,
            "baseUrl": f"{call.base}{MOUNT}",
            "provider": own.provider,
            "mail": own.mail,
            "activatedAt": own.activated_at,
            "contact": call.opened.contact,
            "keepsRequests": bool(self.logs.most),
            "tokens": self.tokens.shown(call.tenant, self.now()),
        }

    def make_token(self, call: Call) -> object:
        """Make a token, or one that follows another: shown in this answer alone."""
        days, now = call.body.get("days"), self.now()
        if (followed := call.body.get("rotates")) is None:
            return self.tokens.make(call.tenant, now, days)
        overlap = call.body.get("overlapDays")
        return self.tokens.rotate(call.tenant, followed, now, days, overlap)

    def revoke_token(self, call: Call) -> object:
        """End a token of the portal's now."""
        self.tokens.revoke(call.tenant, call.parameters["id"], self.now())
        return None

    def progress(self, call: Call) -> object:
        """Return which steps were seen in requests younger than `after`, and what was refused."""
        given = call.query.get("after", "0")
        after = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
        entries = self._entries(call.tenant, after)
        return {
            "last": max((int(each["number"]) for each in entries), default=after),
            "requests": len(entries),
            "steps": progress_of(entries),
            "refusals": refusals_in(entries),
            "tokens": self.tokens.shown(call.tenant, self.now()),
        }

    def reviewed(self, call: Call) -> object:
        """Return what has come into the directory so far."""
        return {"types": reviewed(self.resources, call.tenant, call.base)}

    def activate(self, call: Call) -> object:
        """Remember that somebody has looked at it and called it active. Raises Conflict."""
        if not any(each["usedAt"] for each in self.tokens.shown(call.tenant, self.now())):
            raise Conflict("No token of this portal was used yet: nothing is connected.")
        own = replace(self.onboardings.find(call.tenant), activated_at=self.now())
        self.onboardings.save(call.tenant, own, self.now())
        return {"activatedAt": own.activated_at}

    def health(self, call: Call) -> object:
        """Return when the provider was last heard of, and what was refused as far back as is kept."""
        entries = self._entries(call.tenant, 0)
        return {
            "lastRequestAt": entries[-1].get("at") if entries else None,
            "since": entries[0].get("at") if entries else None,
            "requests": len(entries),
            "errors": gathered(entries),
        }

    def _entries(self, tenant: str, after: int) -> Sequence[Mapping[str, Any]]:
        """Return the requests that came with the portal's own tokens: no other client's."""
        if not self.logs.most:
            return ()
        own = self.tokens.ids(tenant)
        return [each for each in self.logs.after(tenant, after, MOST) if each.get("token") in own]


def _text(body: Mapping[str, object], name: str) -> str | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_MAIL:
        raise InvalidValue(f"{name}: expected a text of at most {_LONGEST_MAIL} characters.")
    return value
