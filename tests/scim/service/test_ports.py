"""What is joined at the ports offers all they ask for, under the same names."""

from inspect import signature
from typing import Any

import pytest

from scim.service.dry_run import DryRunDirectory, Overlay, OverlayInMemory
from scim.service.jobs.step_writes import (
    GatheringWrites,
    JobOverlay,
    RecordedWrites,
    RefusedOnce,
)
from scim.service.ports import Clock, Creations, Ids, Reads, Writes
from scim.service.system import RandomIds, SystemClock
from scim.service.visibility.deployment import AttributedCreations
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.forwarded_reads import ForwardedReads
from scim.service.visibility.remembered_names import RememberedNames
from scim.store.directory.adapter import DynamoDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import CountingIds, SetClock
from tests.fakes.joining import JoiningDirectory


@pytest.mark.parametrize(
    ("port", "fulfilled_by"),
    [
        (Reads, DynamoDirectory),
        (Reads, FakeDirectory),
        (Reads, ForwardedReads),
        (Reads, DryRunDirectory),
        (Writes, DynamoDirectory),
        (Writes, FakeDirectory),
        (Writes, FilteredDirectory),
        (Writes, RecordedWrites),
        (Writes, DryRunDirectory),
        (Overlay, OverlayInMemory),
        (Overlay, JobOverlay),
        (Writes, GatheringWrites),
        (Writes, RefusedOnce),
        (Creations, DynamoDirectory),
        (Creations, JoiningDirectory),
        (Creations, RememberedNames),
        (Creations, AttributedCreations),
        (Clock, SystemClock),
        (Clock, SetClock),
        (Ids, RandomIds),
        (Ids, CountingIds),
    ],
    ids=lambda each: each.__name__,
)
def test_a_port_is_fulfilled(port: Any, fulfilled_by: Any) -> None:
    asked = {name for name in vars(port) if not name.startswith("_")}
    assert asked
    for name in asked:
        wanted = list(signature(getattr(port, name)).parameters)
        assert list(signature(getattr(fulfilled_by, name)).parameters) == wanted, name
