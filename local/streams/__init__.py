"""The template's event sources: the table's stream and the queues, delivered to functions as Lambda does."""

from local.streams.pump import EventSources, event_sources_of

__all__ = ["EventSources", "event_sources_of"]
