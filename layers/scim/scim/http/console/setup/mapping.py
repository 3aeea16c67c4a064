"""Which groups have come and what they give, as a tenant's mapping says; and what its administrator proposes."""

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
    """A tenant's mapping as far as its portal sees it: groups and what they give.

    What is proposed is a draft: it is in force when an operator has activated it.
    """

    administration: Administration
    resources: TenantResources

    def shown(self, call: Call) -> dict[str, object]:
        """Return the first groups that have come, the rules in force, and those that are drafted."""
        tenant = call.tenant
        draft = self.administration.mapping_drafts.find(tenant)
        types, gives = self.resources.giving(tenant)
        groups = [
            {name: each[name] for name in ("id", "displayName", "externalId") if name in each}
            for type_name in types
            for each in self.resources.few(tenant, type_name, call.base)
        ]
        return {
            "groups": groups,
            "gives": gives,
            "inForce": self._in_force(tenant).get(_GROUPS, []),
            "draft": None if draft is None else draft.document.get(_GROUPS, []),
        }

    def proposed(self, call: Call) -> dict[str, object]:
        """Keep rules about groups as the tenant's draft, beside what is mapped of attributes.

        Raises InvalidValue: what, where, and what was expected.
        """
        rules = call.body.get(_GROUPS)
        if not isinstance(rules, list):
            raise InvalidValue(f"{_GROUPS}: expected a list of rules.")
        draft = self.administration.mapping_drafts.find(call.tenant)
        held = self._in_force(call.tenant) if draft is None else draft.document
        document = {**held, _GROUPS: list(_named(rules))}
        draft_kept(self.administration, call.tenant, document, actor_of(call.opened).name)
        return self.shown(call)

    def _in_force(self, tenant: str) -> Mapping[str, Any]:
        return self.administration.definitions.current(tenant).definitions.mapping


def _named(rules: Sequence[Any]) -> Iterator[Any]:
    """Yield the rules but for those that give nothing: an empty row of the page is none."""
    for each in rules:
        if not isinstance(each, Mapping) or any(each.get(name) for name in GIVEN):
            yield each
