"""The routes of the setup portal, below `/setup/api`."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from scim.errors import Conflict, InvalidValue
from scim.http.console.app import Call, ConsoleRoute, show_session
from scim.http.console.pages import providers
from scim.http.console.resources import TenantResources
from scim.http.console.sessions import actor_of
from scim.http.console.setup.mapping import PortalMapping
from scim.http.console.setup.progress import progress_of, refusals_by_kind, refusals_in
from scim.http.console.setup.review import review_of
from scim.http.console.setup.tokens import PortalTokens
from scim.http.console.setup.trial import try_people
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
            "/session": show_session,
            "/state": self.state,
            "/tokens": self.make_token,
            "/tokens/{id}": self.revoke_token,
            "/progress": self.progress,
            "/review": self.review,
            "/trial": self.try_people,
            "/mapping": self.map_groups,
            "/activation": self.activate,
            "/health": self.health,
        }

    def state(self, call: Call) -> object:
        """Return the state of the setup; PUT sets the provider and the mail address."""
        onboarding = self.onboardings.find(call.tenant)
        if call.method == "PUT":
            changes = {name: _text(call.body, name) for name in ("provider", "mail")}
            onboarding = replace(
                onboarding, **{name: text for name, text in changes.items() if text is not None}
            )
            if onboarding.provider and onboarding.provider not in providers():
                names = ", ".join(sorted(providers()))
                raise InvalidValue(f"provider: expected one of {names}.")
            with self._noted(call, "changeSetup", changes):
                self.onboardings.save(call.tenant, onboarding, self.clock.now())
        return {
            "tenant": call.tenant,
            "baseUrl": f"{call.base}{MOUNT}",
            "provider": onboarding.provider,
            "mail": onboarding.mail,
            "activatedAt": onboarding.activated_at,
            "contact": call.session.contact,
            "schemes": self.tokens.schemes(call.tenant),
            "keepsRequests": bool(self.logs.most) and self.logs.kept_of(call.tenant).is_on,
            "tokens": self.tokens.valid(call.tenant, self.clock.now()),
        }

    def make_token(self, call: Call) -> object:
        """Make a token, or rotate one; only this response shows its secret."""
        days, now = call.body.get("days"), self.clock.now()
        if (rotated_id := call.body.get("rotates")) is None:
            with self._noted(call, "createToken", {"days": days}):
                return self.tokens.make(call.tenant, now, days)
        overlap = call.body.get("overlapDays")
        with self._noted(call, "rotateToken", {"token": rotated_id, "overlapDays": overlap}):
            return self.tokens.rotate(call.tenant, rotated_id, now, days, overlap)

    def revoke_token(self, call: Call) -> None:
        token = call.parameters["id"]
        with self._noted(call, "revokeToken", {"token": token}):
            self.tokens.revoke(call.tenant, token, self.clock.now())

    def progress(self, call: Call) -> object:
        """Return the steps and refusals in the requests after the number `after`."""
        text = call.query.get("after", "0")
        after_number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        entries = self._entries(call.tenant, after_number)
        return {
            "last": max((int(entry["number"]) for entry in entries), default=after_number),
            "requests": len(entries),
            "steps": progress_of(entries),
            "refusals": refusals_in(entries),
            "tokens": self.tokens.valid(call.tenant, self.clock.now()),
        }

    def review(self, call: Call) -> object:
        """Return a review of what the directory has received so far."""
        return {"types": review_of(self.resources, call.tenant, call.base)}

    def try_people(self, call: Call) -> object:
        """Return what would happen to people who are not in the directory yet; nothing is stored."""
        return try_people(self.trials, self.resources, call)

    def map_groups(self, call: Call) -> object:
        """Return the groups and what they give their members; PUT proposes new rules."""
        if call.method != "PUT":
            return self.mapping.show(call)
        with self._noted(call, "draftMapping", {"groups": call.body.get("groups")}):
            return self.mapping.propose(call)

    def activate(self, call: Call) -> object:
        """Mark the setup as active. Raises Conflict when no token of the portal has been used."""
        with self._noted(call, "activateSetup", {}):
            if not any(
                token["usedAt"] for token in self.tokens.valid(call.tenant, self.clock.now())
            ):
                raise Conflict(
                    "No token of this portal has been used yet, so nothing is connected."
                )
            onboarding = replace(self.onboardings.find(call.tenant), activated_at=self.clock.now())
            self.onboardings.save(call.tenant, onboarding, self.clock.now())
        return {"activatedAt": onboarding.activated_at}

    def health(self, call: Call) -> object:
        """Return the time of the provider's last request, and the refusals in the requests kept."""
        entries = self._entries(call.tenant, 0)
        return {
            "lastRequestAt": entries[-1].get("at") if entries else None,
            "since": entries[0].get("at") if entries else None,
            "requests": len(entries),
            "errors": refusals_by_kind(entries),
        }

    def _noted(
        self, call: Call, operation: str, parameters: Mapping[str, object]
    ) -> AbstractContextManager[None]:
        """Record the block as an act of the session."""
        present_parameters = {
            name: value for name, value in parameters.items() if value is not None
        }
        return noted(
            self.acts,
            self.clock,
            actor_of(call.session),
            operation,
            call.tenant,
            present_parameters,
        )

    def _entries(self, tenant: str, after_number: int) -> Sequence[Mapping[str, Any]]:
        """Return only the requests with the portal's own tokens."""
        if not self.logs.most:
            return ()
        token_ids = self.tokens.ids(tenant)
        return [
            entry
            for entry in self.logs.after(tenant, after_number, MOST)
            if entry.get("token") in token_ids
        ]


def _text(body: Mapping[str, object], name: str) -> str | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_MAIL:
        raise InvalidValue(f"{name}: expected a text of at most {_LONGEST_MAIL} characters.")
    return value
