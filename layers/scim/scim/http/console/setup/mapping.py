"""The groups that a provider has sent, what the tenant's mapping gives their members, and drafts of that mapping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scim.errors import InvalidValue
from scim.http.console.app import Call
from scim.http.console.resources import TenantResources
from scim.http.console.sessions import actor_of
from scim.schema.mapping import GIVEN
from scim.service.administration.mapping import draft_kept
from scim.service.administration.ports import Administration

_GROUPS: Final = "groups"


@dataclass(frozen=True, slots=True)
class PortalMapping:
    """The part of a tenant's mapping that its portal shows: groups and what they give their members.

    A proposal is a draft; it takes effect when an operator activates it.
    """

    administration: Administration
    resources: TenantResources

    def show(self, call: Call) -> dict[str, object]:
        """Return the first groups, the rules in force, and the rules of the draft."""
        tenant = call.tenant
        draft = self.administration.mapping_drafts.find(tenant)
        types, attributes = self.resources.mapping_sources(tenant)
        groups = [
            {name: group[name] for name in ("id", "displayName", "externalId") if name in group}
            for type_name in types
            for group in self.resources.sample(tenant, type_name, call.base)
        ]
        return {
            "groups": groups,
            "gives": attributes,
            "inForce": self._in_force(tenant).get(_GROUPS, []),
            "draft": None if draft is None else draft.document.get(_GROUPS, []),
        }

    def propose(self, call: Call) -> dict[str, object]:
        """Store rules for groups in the tenant's draft; the rest of the mapping stays.

        Raises InvalidValue, which says what is wrong, where, and what was expected.
        """
        rules = call.body.get(_GROUPS)
        if not isinstance(rules, list):
            raise InvalidValue(f"{_GROUPS}: expected a list of rules.")
        draft = self.administration.mapping_drafts.find(call.tenant)
        mapping = self._in_force(call.tenant) if draft is None else draft.document
        document = {**mapping, _GROUPS: list(_effective(rules))}
        draft_kept(self.administration, call.tenant, document, actor_of(call.session).name)
        return self.show(call)

    def _in_force(self, tenant: str) -> Mapping[str, Any]:
        return self.administration.definitions.current(tenant).definitions.mapping


def _effective(rules: Sequence[Any]) -> Iterator[Any]:
    """Yield the rules except those that give nothing, such as an empty row of the page."""
    for rule in rules:
        if not isinstance(rule, Mapping) or any(rule.get(name) for name in GIVEN):
            yield rule
