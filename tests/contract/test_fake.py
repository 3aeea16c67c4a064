"""The fake keeps the contract of the port, so what is tried with it holds for the store."""

import pytest

from tests.contract.directory_contract import DirectoryContract
from tests.fakes.directory import FakeDirectory


class TestFakeDirectory(DirectoryContract):
    many = 100

    @pytest.fixture
    def directory(self) -> FakeDirectory:
        return FakeDirectory()
