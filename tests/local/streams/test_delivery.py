"""A stream's batch is delivered as Lambda does: again, in halves, from its first failure on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from local.runtime import FunctionError
from local.streams.delivery import deliver
from local.streams.source import EventSource

SOURCE = EventSource("arn:x/stream/1", "f", 100, (), 2, True, True, "", False)


def record(name: int) -> dict[str, Any]:
    return {"dynamodb": {"SequenceNumber": str(name)}}


class Consumer:
    """A function that cannot stand some records; it reports the first, or raises."""

    def __init__(self, poison: set[int], *, reports: bool, times: int = 1000) -> None:
        self.poison, self.reports, self.times = poison, reports, times
        self.done: list[int] = []

    def __call__(self, _arn: str, event: Mapping[str, Any]) -> Any:
        for each in event["Records"]:
            number = int(each["dynamodb"]["SequenceNumber"])
            if number in self.poison and self.times > 0:
                self.times -= 1
                if self.reports:
                    return {"batchItemFailures": [{"itemIdentifier": str(number)}]}
                raise FunctionError("ValueError", "poison")
            self.done.append(number)
        return {"batchItemFailures": []}


def given_up(source: EventSource, consumer: Consumer, number: int = 8) -> list[list[int]]:
    lost: list[list[int]] = []

    def give_up(_: EventSource, records: Sequence[Mapping[str, Any]]) -> None:
        lost.append([int(each["dynamodb"]["SequenceNumber"]) for each in records])

    deliver(source, [record(n) for n in range(number)], consumer, give_up)
    return lost


def test_a_poison_record_is_given_up_alone_and_the_others_come_in_order() -> None:
    consumer = Consumer({3}, reports=True)
    assert given_up(SOURCE, consumer) == [[3]]
    assert consumer.done == [0, 1, 2, 4, 5, 6, 7]


def test_halves_find_a_record_that_the_function_does_not_name() -> None:
    consumer = Consumer({3}, reports=False)
    assert given_up(replace(SOURCE, reports_failures=False), consumer) == [[3]]
    assert list(dict.fromkeys(consumer.done)) == [0, 1, 2, 4, 5, 6, 7]


def test_without_halves_a_batch_goes_as_a_whole() -> None:
    consumer = Consumer({3}, reports=False)
    whole = replace(SOURCE, is_bisected=False, reports_failures=False)
    assert given_up(whole, consumer) == [list(range(8))]


@pytest.mark.parametrize("reports", [True, False])
def test_a_failure_that_passes_loses_nothing(reports: bool) -> None:
    consumer = Consumer({3}, reports=reports, times=2)
    assert given_up(replace(SOURCE, is_bisected=False), consumer) == []
    assert sorted(set(consumer.done)) == list(range(8))
