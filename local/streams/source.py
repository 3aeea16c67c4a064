"""One event source mapping of the template: its source, its function, and the handling of failures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.events.models import EventPattern

from local.template import Template

USUAL_STREAM_BATCH, USUAL_QUEUE_BATCH = 100, 10
FOREVER = 10_000
"""Attempts if the template sets no number: Lambda retries until the records expire."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """The properties of an AWS::Lambda::EventSourceMapping.

    `patterns` are those of its filters, one of which has to match; `failures` is the ARN of the queue for
    records that were given up, or "".
    """

    source_arn: str
    function: str
    batch: int
    patterns: tuple[Mapping[str, Any], ...]
    attempts: int
    is_bisected: bool
    reports_failures: bool
    failures: str
    is_from_latest: bool

    @property
    def is_stream(self) -> bool:
        return "/stream/" in self.source_arn

    def wants(self, record: Mapping[str, Any]) -> bool:
        """Tell whether a filter accepts the record; without filters every record is accepted."""
        message: Any = record  # moto's own type has members that no stream's record has
        matches = (EventPattern(None, dict(each)).matches_event(message) for each in self.patterns)
        return not self.patterns or any(matches)


def sources_of(template: Template) -> tuple[EventSource, ...]:
    found = (template.properties_of(n) for n in template.ids_of("AWS::Lambda::EventSourceMapping"))
    names = {
        template.scope.name_of(name): template.scope.arn_of(name)
        for name in template.ids_of("AWS::Lambda::Function")
    }
    return tuple(_source(each, names) for each in found if each.get("Enabled", True))


def _source(properties: Mapping[str, Any], functions: Mapping[str, str]) -> EventSource:
    source, function = str(properties["EventSourceArn"]), str(properties["FunctionName"])
    filters = (properties.get("FilterCriteria") or {}).get("Filters", ())
    usual = USUAL_STREAM_BATCH if "/stream/" in source else USUAL_QUEUE_BATCH
    on_failure = (properties.get("DestinationConfig") or {}).get("OnFailure") or {}
    attempts = int(properties.get("MaximumRetryAttempts", -1))
    return EventSource(
        source_arn=source,
        function=functions.get(function, function),
        batch=int(properties.get("BatchSize", usual)),
        patterns=tuple(json.loads(each["Pattern"]) for each in filters),
        attempts=FOREVER if attempts < 0 else attempts,
        is_bisected=bool(properties.get("BisectBatchOnFunctionError", False)),
        reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", ()),
        failures=str(on_failure.get("Destination", "")),
        is_from_latest=properties.get("StartingPosition") == "LATEST",
    )
