"""Writes that leave receipts."""

from typing import Any

from scim.resource.change import Creation, Receipt
from scim.resource.record import Key
from scim.service.jobs.step_writes import RecordedWrites
from tests.contract.samples import NOW
from tests.fakes.directory import FakeDirectory

RECEIPT = Receipt("j", 1, 2, {"status": "201"})


def test_a_change_has_the_receipt_that_is_issued_for_it() -> None:
    directory: Any = FakeDirectory()
    writes = RecordedWrites(directory, lambda _: RECEIPT)
    assert writes.result is None
    writes.create("acme", Creation(Key("User", "u"), {}, frozenset(), NOW))
    assert [change.receipt for change in directory.changes] == [RECEIPT]
    assert writes.result == {"version": 1, "status": "201"}
