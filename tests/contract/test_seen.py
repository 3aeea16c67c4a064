"""A directory with filters that leave nothing out keeps the contract."""

import pytest

from scim.filter.binding.bound_tree import ALWAYS, IdIn, Negated, Tree
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.filters import TokenFilters
from tests.contract.directory_contract import DirectoryContract
from tests.contract.lists_contract import ListsContract
from tests.fakes.directory import FakeDirectory

TYPES = ("User", "Group", "Device", "User2")
TREES: dict[str, Tree] = {"everything": ALWAYS, "one by one": Negated(IdIn(frozenset()))}


@pytest.fixture(name="seen", params=TREES)
def _seen(request: pytest.FixtureRequest) -> FilteredDirectory:
    trees = dict.fromkeys(TYPES, TREES[request.param])
    filters = TokenFilters(request.param, trees, dict.fromkeys(TYPES, lambda _: True))
    whole = FakeDirectory()
    return FilteredDirectory(whole, whole, filters, 10_000)


class TestSeenDirectory(DirectoryContract):
    many = 100

    @pytest.fixture
    def directory(self, seen: FilteredDirectory) -> FilteredDirectory:
        return seen


class TestSeenLists(ListsContract):
    @pytest.fixture
    def directory(self, seen: FilteredDirectory) -> FilteredDirectory:
        return seen
