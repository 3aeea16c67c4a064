"""The routes of the setup portal, below `/setup/api`."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from scim.errors import Conflict, InvalidValue
from scim.http.console.app import Call, ConsoleRoute, session_shown
from scim.http.console.pages import providers
from scim.http.console.resources import TenantResources
from scim.http.console.sessions import actor_of
from scim.http.console.setup.mapping import PortalMapping
from scim.http.console.setup.progress import gathered, progress_of, refusals_in
from scim.http.console.setup.review import reviewed
from scim.http.console.setup.tokens import PortalTokens
from scim.http.console.setup.trial import tried
from scim.http.console.trial import Trials
from scim.mount import MOUNT
from scim.service.administration.ports import Acts
from scim.service.administration.recorded_acts import noted
from scim.service.ports import Clock
from scim.store.access.onboarding import Onboardings
from scim.store.access.request_log import RequestLogs

MOST = 500
"""The most requests that are read."""
_LONGEST_MAIL = 254


@dataclass(frozen=True, slots=True)
class SetupPortal:
    """The routes of a tenant's portal; `logs` is empty if the deployment keeps no requests."""

    tokens: PortalTokens
    onboardings: Onboardings
    logs: RequestLogs
    resources: TenantResources
    trials: Trials
    mapping: PortalMapping
    acts: Acts
    clock: Clock

    def routes(self) -> Mapping[str, ConsoleRoute]:
        """Return the routes for the paths in definitions/console.json."""
        return {
            "/session": session_shown,
            "/state": self.state,
            "/tokens": self.make_token,
            "/tokens/{id}": self.revoke_token,
            "/progress": self.progress,
            "/review": self.reviewed,
            "/trial": self.tried,
            "/mapping": self.mapped,
            "/activation": self.activate,
            "/health": self.health,
        }

    def state(self, call: Call) -> object:
        """Return the state of the setup; PUT sets the provider and the mail address."""
        own = self.onboardings.find(call.tenant)
        if call.method == "PUT":
            given = {name: _text(call.body, name) for name in ("provider", "mail")}
            own = replace(own, **{name: text for name, text in given.items() if text is not None})
            if own.provider and own.provider not in providers():
                known = ", ".join(sorted(providers()))
                raise InvalidValue(f"provider: expected one of {known}.")
            with self._noted(call, "changeSetup", given):
                self.onboardings.save(call.tenant, own, self.clock.now())
        return {
            "tenant": call.tenant,
            "baseUrl": f"{call.base}{MOUNT}",
            "provider": own.provider,
            "mail": own.mail,
            "activatedAt": own.activated_at,
            "contact": call.opened.contact,
            "keepsRequests": bool(self.logs.most),
            "tokens": self.tokens.shown(call.tenant, self.clock.now()),
        }

    def make_token(self, call: Call) -> object:
        """Make a token, or rotate one; only this response shows its secret."""
        days, now = call.body.get("days"), self.clock.now()
        if (followed := call.body.get("rotates")) is None:
            with self._noted(call, "createToken", {"days": days}):
                return self.tokens.make(call.tenant, now, days)
        overlap = call.body.get("overlapDays")
        with self._noted(call, "rotateToken", {"token": followed, "overlapDays": overlap}):
            return self.tokens.rotate(call.tenant, followed, now, days, overlap)

    def revoke_token(self, call: Call) -> None:
        token = call.parameters["id"]
        with self._noted(call, "revokeToken", {"token": token}):
            self.tokens.revoke(call.tenant, token, self.clock.now())

    def progress(self, call: Call) -> object:
        """Return the steps and refusals in the requests after the number `after`."""
        given = call.query.get("after", "0")
        after = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
        entries = self._entries(call.tenant, after)
        return {
            "last": max((int(each["number"]) for each in entries), default=after),
            "requests": len(entries),
            "steps": progress_of(entries),
            "refusals": refusals_in(entries),
            "tokens": self.tokens.shown(call.tenant, self.clock.now()),
        }

    def reviewed(self, call: Call) -> object:
        """Return a review of what the directory has received so far."""
        return {"types": reviewed(self.resources, call.tenant, call.base)}

    def tried(self, call: Call) -> object:
        """Return what would happen to people who are not in the directory yet; nothing is stored."""
        return tried(self.trials, self.resources, call)

    def mapped(self, call: Call) -> object:
        """Return the groups and what they give their members; PUT proposes new rules."""
        if call.method != "PUT":
            return self.mapping.shown(call)
        with self._noted(call, "draftMapping", {"groups": call.body.get("groups")}):
            return self.mapping.proposed(call)

    def activate(self, call: Call) -> object:
        """Mark the setup as active. Raises Conflict when no token of the portal has been used."""
        with self._noted(call, "activateSetup", {}):
            if not any(each["usedAt"] for each in self.tokens.shown(call.tenant, self.clock.now())):
                raise Conflict(
                    "No token of this portal has been used yet, so nothing is connected."
                )
            own = replace(self.onboardings.find(call.tenant), activated_at=self.clock.now())
            self.onboardings.save(call.tenant, own, self.clock.now())
        return {"activatedAt": own.activated_at}

    def health(self, call: Call) -> object:
        """Return the time of the provider's last request, and the refusals in the requests kept."""
        entries = self._entries(call.tenant, 0)
        return {
            "lastRequestAt": entries[-1].get("at") if entries else None,
            "since": entries[0].get("at") if entries else None,
            "requests": len(entries),
            "errors": gathered(entries),
        }

    def _noted(
        self, call: Call, operation: str, asked: Mapping[str, object]
    ) -> AbstractContextManager[None]:
        """Record the block as an act of the session."""
        given = {name: value for name, value in asked.items() if value is not None}
        return noted(self.acts, self.clock, actor_of(call.opened), operation, call.tenant, given)

    def _entries(self, tenant: str, after: int) -> Sequence[Mapping[str, Any]]:
        """Return only the requests with the portal's own tokens."""
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
