"""Delivers a batch of a stream as Lambda does: with retries, halving, and partial failures."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.runtime import EventTooLargeError, FunctionError
from local.streams.source import EventSource

Record = Mapping[str, Any]
Invoke = Callable[[str, Mapping[str, Any]], Any]
GiveUp = Callable[[EventSource, Sequence[Record]], None]


def deliver(source: EventSource, records: Sequence[Record], invoke: Invoke, give_up: GiveUp) -> int:
    """Deliver the records to the function until each is done or given up; return the number of invocations.

    A batch that fails is halved if the source says so; that costs none of its attempts. The records before
    the first failure that the function reports are done.
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
    # An identifier that is not in the batch means that all of it failed.
    return min(places.get(each.get("itemIdentifier"), 0) for each in failed)
