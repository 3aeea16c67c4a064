"""Delivers the records of event sources to their functions: on request, or in the background."""

import traceback
from collections.abc import Mapping
from threading import Event, Lock, Thread

from local.streams.delivery import GiveUp, Invoke, deliver
from local.streams.queues import Queue, tell_failure
from local.streams.shards import Reader, TableStream
from local.streams.source import EventSource, sources_of
from local.template import Template

EVERY = 0.2
"""Seconds between two reads of the sources."""
AFTER_FAILURE = 5.0
"""Seconds to the next read if one has failed."""


class EventSources:
    """The event sources of a deployment. Those that start at the latest record do not see records from before
    they were opened.
    """

    def __init__(
        self, sources: tuple[EventSource, ...], tables: Mapping[str, str], invoke: Invoke
    ) -> None:
        self._queues = [Queue(source) for source in sources if not source.is_stream]
        self._invoke = invoke
        self._give_up: GiveUp = tell_failure
        self._stopped, self._one_at_a_time = Event(), Lock()
        self._thread = Thread(target=self._run, name="event sources", daemon=True)
        streams = {name: TableStream(name) for name in tables.values()}
        self._readers = [
            (source, Reader(stream, is_from_latest=source.is_from_latest))
            for source in sources
            if source.is_stream
            for name, stream in streams.items()
            if f"table/{name}/" in source.source_arn
        ]

    def pump(self) -> int:
        """Deliver all records, and the records that this causes; return the number of invocations."""
        invocations, last = 0, -1
        with self._one_at_a_time:
            while invocations != last:
                last = invocations
                invocations += sum(self._streamed(*each) for each in self._readers)
                invocations += sum(queue.drain(self._invoke) for queue in self._queues)
        return invocations

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _streamed(self, source: EventSource, reader: Reader) -> int:
        invocations = 0
        for records in reader.batches():
            wanted = [record for record in records if source.wants(record)]
            for start in range(0, len(wanted), source.batch):
                batch = wanted[start : start + source.batch]
                invocations += deliver(source, batch, self._invoke, self._give_up)
        return invocations

    def _run(self) -> None:
        seconds = EVERY
        while not self._stopped.wait(seconds):
            seconds = EVERY
            try:
                self.pump()
            except Exception:  # noqa: BLE001 - the source or a queue does not respond; what was not delivered comes again
                traceback.print_exc()
                seconds = AFTER_FAILURE


def event_sources_of(template: Template, tables: Mapping[str, str], invoke: Invoke) -> EventSources:
    """Return the event sources of a template; `tables` are the names of its tables."""
    return EventSources(sources_of(template), tables, invoke)
