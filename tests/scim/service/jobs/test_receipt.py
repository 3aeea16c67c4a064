"""A directory that leaves receipts."""

from typing import Any

from scim.resource.change import Creation, Receipt
from scim.resource.record import Key
from scim.service.jobs.step_directory import RecordingDirectory
from tests.contract.samples import NOW
from tests.fakes.directory import FakeDirectory

RECEIPT = Receipt("j", 1, 2, {"status": "201"})


def test_a_change_has_the_receipt_that_is_issued_for_it() -> None:
    directory: Any = FakeDirectory()
    receipting = RecordingDirectory.on(directory, lambda _: RECEIPT)
    assert receipting.made is None
    receipting.directory.create("acme", Creation(Key("User", "u"), {}, frozenset(), NOW))
    assert [change.receipt for change in directory.changes] == [RECEIPT]
    assert receipting.made == {"version": 1, "status": "201"}


def test_everything_else_is_the_directorys_own() -> None:
    directory: Any = FakeDirectory()
    directory.create("acme", Creation(Key("User", "u"), {}, frozenset(), NOW))
    receipting = RecordingDirectory.on(directory, lambda _: RECEIPT)
    assert receipting.directory.count("acme", "User") == 1
    assert receipting.made is None
