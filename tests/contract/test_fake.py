"""The fake keeps the contract of the port, so that tests with it hold for the store."""

import pytest

from tests.contract.directory_contract import DirectoryContract
from tests.fakes.directory import FakeDirectory


class TestFakeDirectory(DirectoryContract):
    many = 100

    @pytest.fixture
    def directory(self) -> FakeDirectory:
        return FakeDirectory()
