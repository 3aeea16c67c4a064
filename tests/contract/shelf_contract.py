"""What any shelf of definitions keeps to."""

import pytest

from scim.resource.record import Stale
from scim.schema.tenant_definitions import NO_DEFINITIONS, Definitions, Edition
from scim.service.definitions import Shelf

T, OTHER = "acme", "other"


def edition(version: int, company: str = "") -> Edition:
    """Return a version that differs from others."""
    return Edition(version, Definitions({"company": company or str(version)}), "2026", "t1")


class ShelfContract:
    """Runs against the fixture `shelf`."""

    def test_nothing_is_in_force_at_first(self, shelf: Shelf) -> None:
        assert shelf.current(T) == Edition(0, NO_DEFINITIONS)
        assert shelf.edition(T, 1) is None

    def test_the_last_version_is_in_force_and_older_ones_are_kept(self, shelf: Shelf) -> None:
        for version in (1, 2, 3):
            shelf.put(T, edition(version), 2)
        assert shelf.current(T) == edition(3)
        found = [shelf.edition(T, version) for version in (1, 2, 3)]
        assert found == [None, edition(2), edition(3)]

    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_a_version_comes_behind_the_one_in_force_only(self, shelf: Shelf, version: int) -> None:
        shelf.put(T, edition(1), 10)
        with pytest.raises(Stale):
            shelf.put(T, edition(version, "other"), 10)
        assert shelf.current(T) == edition(1)

    def test_the_definitions_of_another_tenant_are_not_there(self, shelf: Shelf) -> None:
        shelf.put(T, edition(1), 10)
        assert shelf.current(OTHER).version == 0
        assert shelf.edition(OTHER, 1) is None
        shelf.put(OTHER, edition(1, "own"), 10)
        assert (shelf.current(T), shelf.current(OTHER)) == (edition(1), edition(1, "own"))
