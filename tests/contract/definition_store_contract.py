"""The rules of every store of definitions."""

import pytest

from scim.resource.record import Stale
from scim.schema.tenant_definitions import NO_DEFINITIONS, Definitions, DefinitionVersion
from scim.service.definitions import DefinitionStore

T, OTHER = "acme", "other"


def definition_version(version: int, company: str = "") -> DefinitionVersion:
    """Return a version that differs from others."""
    return DefinitionVersion(
        version, Definitions({"company": company or str(version)}), "2026", "t1"
    )


class DefinitionStoreContract:
    """Runs against the fixture `shelf`."""

    def test_no_definitions_are_in_force_at_first(self, definition_store: DefinitionStore) -> None:
        assert definition_store.current(T) == DefinitionVersion(0, NO_DEFINITIONS)
        assert definition_store.definition_version(T, 1) is None

    def test_the_last_version_is_in_force_and_older_ones_are_kept(
        self, definition_store: DefinitionStore
    ) -> None:
        for version in (1, 2, 3):
            definition_store.put(T, definition_version(version), 2)
        assert definition_store.current(T) == definition_version(3)
        found = [definition_store.definition_version(T, version) for version in (1, 2, 3)]
        assert found == [None, definition_version(2), definition_version(3)]

    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_a_version_comes_behind_the_one_in_force_only(
        self, definition_store: DefinitionStore, version: int
    ) -> None:
        definition_store.put(T, definition_version(1), 10)
        with pytest.raises(Stale):
            definition_store.put(T, definition_version(version, "other"), 10)
        assert definition_store.current(T) == definition_version(1)

    def test_the_definitions_of_another_tenant_are_not_there(
        self, definition_store: DefinitionStore
    ) -> None:
        definition_store.put(T, definition_version(1), 10)
        assert definition_store.current(OTHER).version == 0
        assert definition_store.definition_version(OTHER, 1) is None
        definition_store.put(OTHER, definition_version(1, "own"), 10)
        assert (definition_store.current(T), definition_store.current(OTHER)) == (
            definition_version(1),
            definition_version(1, "own"),
        )
