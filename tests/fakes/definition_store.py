"""The definitions of tenants in memory, as the store keeps them; and what is stored beside them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from scim.resource.record import Stale
from scim.schema.tenant_definitions import NO_DEFINITIONS, DefinitionVersion
from scim.service.definitions import DefinitionLimits, DefinitionService
from tests.fakes.endpoint import SetClock


@dataclass
class FakeDefinitionStore:
    """Keeps versions by tenant and number."""

    kept: dict[str, dict[int, DefinitionVersion]] = field(default_factory=lambda: defaultdict(dict))

    def current(self, tenant: str) -> DefinitionVersion:
        versions = self.kept[tenant]
        return versions[max(versions)] if versions else DefinitionVersion(0, NO_DEFINITIONS)

    def definition_version(self, tenant: str, version: int) -> DefinitionVersion | None:
        return self.kept[tenant].get(version)

    def put(self, tenant: str, definition_version: DefinitionVersion, most_kept: int) -> None:
        if definition_version.version != self.current(tenant).version + 1:
            raise Stale
        versions = {**self.kept[tenant], definition_version.version: definition_version}
        self.kept[tenant] = {
            n: e for n, e in versions.items() if n > definition_version.version - most_kept
        }


@dataclass(frozen=True)
class FakeStock:
    """Says how many resources there are, and which late indexes are filled."""

    counts: Mapping[str, int] = field(default_factory=dict)
    built: frozenset[tuple[str, str]] = frozenset()

    def count(self, tenant: str, type_name: str) -> int:
        return self.counts.get(type_name, 0)

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        return (type_name, attribute) in self.built


def definition_service(
    stored_types: FakeStock | None = None,
    definition_store: FakeDefinitionStore | None = None,
    **limits: int,
) -> DefinitionService:
    """Return a registrar with an empty shelf and nothing stored, unless told otherwise."""
    return DefinitionService(
        definition_store or FakeDefinitionStore(),
        stored_types or FakeStock(),
        SetClock(),
        DefinitionLimits(**limits),
    )
