"""Delivers a batch of a stream as Lambda does: again, in halves, from the first failure on, or not at all."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.runtime import EventTooLargeError, FunctionError
from local.streams.source import EventSource

Record = Mapping[str, Any]
Invoke = Callable[[str, Mapping[str, Any]], Any]
GiveUp = Callable[[EventSource, Sequence[Record]], None]


def deliver(source: EventSource, records: Sequence[Record], invoke: Invoke, give_up: GiveUp) -> int:
    """Hand the records to the function until each is done or given up; return the invocations.

    A batch that fails is halved where the source says so, which costs none of its attempts. What
    comes before the first failure that a function reports is done.
    """
    waiting = deque([(tuple(records), 0)])
    invocations = 0
    while waiting:
        batch, failures = waiting.popleft()
        done = _done(source, batch, invoke)
        invocations += 1
        rest = batch[done:]
        if not rest:
            continue
        if source.is_bisected and len(rest) > 1:
            middle = 1 if done else len(rest) // 2
            waiting.extendleft([(rest[middle:], failures), (rest[:middle], failures)])
        elif failures >= source.attempts:
            give_up(source, rest)
        else:
            waiting.appendleft((rest, failures + 1))
    return invocations


def _done(source: EventSource, batch: Sequence[Record], invoke: Invoke) -> int:
    """Return how many records of the batch are done."""
    try:
        answer = invoke(source.function, {"Records": list(batch)})
    except (FunctionError, EventTooLargeError) as error:
        print(f"Event source {source.source_arn}: {error}")
        return 0
    failed = (answer or {}).get("batchItemFailures") or () if source.reports_failures else ()
    if not failed:
        return len(batch)
    places = {record["dynamodb"]["SequenceNumber"]: n for n, record in enumerate(batch)}
    # A name that is none of the batch's is a failure of all of it.
    return min(places.get(each.get("itemIdentifier"), 0) for each in failed)
