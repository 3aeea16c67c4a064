"""The definitions of tenants in memory, as the store keeps them; and what is stored beside them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from scim.resource.record import Stale
from scim.schema.tenant_definitions import NO_DEFINITIONS, Edition
from scim.service.definitions import DefinitionLimits, Registrar
from tests.fakes.endpoint import SetClock


@dataclass
class FakeShelf:
    """Keeps versions by tenant and number."""

    kept: dict[str, dict[int, Edition]] = field(default_factory=lambda: defaultdict(dict))

    def current(self, tenant: str) -> Edition:
        versions = self.kept[tenant]
        return versions[max(versions)] if versions else Edition(0, NO_DEFINITIONS)

    def edition(self, tenant: str, version: int) -> Edition | None:
        return self.kept[tenant].get(version)

    def put(self, tenant: str, edition: Edition, kept: int) -> None:
        if edition.version != self.current(tenant).version + 1:
            raise Stale
        versions = {**self.kept[tenant], edition.version: edition}
        self.kept[tenant] = {n: e for n, e in versions.items() if n > edition.version - kept}


@dataclass(frozen=True)
class FakeStock:
    """Says how many resources there are, and which late indexes are filled."""

    counts: Mapping[str, int] = field(default_factory=dict)
    built: frozenset[tuple[str, str]] = frozenset()

    def count(self, tenant: str, type_name: str) -> int:
        return self.counts.get(type_name, 0)

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        return (type_name, attribute) in self.built


def registrar(
    stock: FakeStock | None = None, shelf: FakeShelf | None = None, **limits: int
) -> Registrar:
    """Return a registrar with an empty shelf and nothing stored, unless told otherwise."""
    return Registrar(
        shelf or FakeShelf(), stock or FakeStock(), SetClock(), DefinitionLimits(**limits)
    )
