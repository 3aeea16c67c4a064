"""Layers: which operations may run side by side and which in turn, without losing any."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from scim.profile import Profile
from scim.schema.loading import shipped_catalogue
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.plan import planned
from scim.service.bulk.request import BulkRequest, bulk_of
from scim.service.bulk.waves import one_by_one, waves_of
from scim.service.jobs.batches import (
    MAX_LAYERS,
    Batch,
    Layer,
    Sizes,
    Task,
    files_of,
    layers_of,
    number_of,
    tasks_in,
)
from tests.fakes.operations import Sent, group, managed, named, user

CATALOGUE = shipped_catalogue()
SIZES = Sizes(side_by_side=2, in_a_row=3)


def asked(operations: Sequence[Sent], **members: Any) -> BulkRequest:
    body = {"schemas": [BULK_REQUEST_URN], "Operations": list(operations), **members}
    return bulk_of(body, Profile(), 100_000)


def laid_out(request: BulkRequest, sizes: Sizes = SIZES) -> tuple[Layer, ...]:
    """Return the layers of a request that is one window."""
    steps = planned(request.operations)
    waves = one_by_one(steps) if request.fail_on_errors else waves_of(steps, CATALOGUE)
    return layers_of(waves, len(steps), sizes)


def shape(request: BulkRequest, sizes: Sizes = SIZES) -> list[list[int]]:
    """Return how many steps each batch of each layer has."""
    return [[len(batch) for batch in layer.batches] for layer in laid_out(request, sizes)]


PEOPLE = [user(f"u{n}") for n in range(5)]


@pytest.mark.parametrize(
    ("operations", "members", "expected"),
    [
        pytest.param(PEOPLE, {}, [[2, 2, 1]], id="independent operations side by side"),
        pytest.param(PEOPLE, {"failOnErrors": 1}, [[3], [2]], id="in a row when errors stop it"),
        pytest.param(PEOPLE[:3], {}, [[3]], id="few are not worth a layer"),
        pytest.param(
            [
                *PEOPLE,
                *[named("/Users/1", str(n)) for n in range(4)],
                *[user(f"v{n}") for n in range(4)],
            ],
            {},
            [[2, 2, 1], [3], [1], [2, 2]],
            id="changes stay between creations",
        ),
        pytest.param(
            [group("staff", *[f"u{n}" for n in range(5)]), *PEOPLE],
            {},
            [[2, 2, 1], [1]],
            id="a group after its members",
        ),
        pytest.param(
            [managed("a", "b"), managed("b", "a")], {}, [[3]], id="a circle is two and a link"
        ),
    ],
)
def test_a_request_has_layers(
    operations: list[Sent], members: dict[str, Any], expected: list[list[int]]
) -> None:
    assert shape(asked(operations, **members)) == expected


def test_every_step_is_in_one_batch_in_order() -> None:
    request = asked([group("staff", "u1", "a"), managed("a", "b"), managed("b", "a"), *PEOPLE])
    layers = laid_out(request)
    every = [step for layer in layers for batch in layer.batches for step in batch]
    assert sorted(map(number_of, every)) == sorted(map(number_of, planned(request.operations)))


def test_a_batch_is_the_range_its_line_names() -> None:
    request = asked([group("staff", "u1"), *PEOPLE])
    layers = laid_out(request)
    by_number = {number_of(step): Task(step, {}) for step in planned(request.operations)}
    every = files_of(("acme", "job"), 1000, layers, by_number)
    for number, (layer, files) in enumerate(zip(layers, every, strict=True), 1000):
        for line, steps in zip(files.lines.splitlines(), layer.batches, strict=True):
            batch = Batch.of_json(json.loads(line))
            assert (batch.tenant, batch.job, batch.layer) == ("acme", "job", number)
            stretch = files.steps[batch.start : batch.start + batch.length]
            tasks = tasks_in(stretch)
            assert [task.step for task in tasks] == list(steps)
            assert batch.steps == tuple(task.number for task in tasks)


def test_batches_grow_where_a_layer_has_enough_of_them() -> None:
    sizes = Sizes(side_by_side=25, most=100)
    assert [sizes.of_layer(steps) for steps in (50, 250, 251, 999, 5000)] == [25, 25, 26, 100, 100]


def test_a_long_request_has_few_layers() -> None:
    mixed = [
        operation
        for n in range(2000)
        for operation in (user(f"a{n}"), user(f"b{n}"), named(f"/Users/{n}", "x"))
    ]
    assert len(laid_out(asked(mixed), Sizes())) < MAX_LAYERS
