"""Creates the template's queues, event buses and rules in moto."""

import json
from collections.abc import Mapping
from typing import Any

from local.clients import client
from local.template import Template

_QUEUE = ("VisibilityTimeout", "MessageRetentionPeriod", "RedrivePolicy")


def create_messaging(template: Template) -> None:
    """Create them; dead-letter queues first."""
    sqs, events = client("sqs"), client("events")
    queues = {name: template.properties_of(name) for name in template.ids_of("AWS::SQS::Queue")}
    for name in sorted(queues, key=lambda each: "RedrivePolicy" in queues[each]):
        sqs.create_queue(
            QueueName=template.scope.name_of(name), Attributes=_attributes(queues[name])
        )
    for name in template.ids_of("AWS::Events::EventBus"):
        events.create_event_bus(Name=template.scope.name_of(name))
    for name in template.ids_of("AWS::Events::Rule"):
        properties = template.properties_of(name)
        if "EventPattern" in properties:
            _create_rule(events, template.scope.name_of(name), properties)


def _create_rule(events: Any, name: str, properties: Mapping[str, Any]) -> None:
    bus = str(properties.get("EventBusName", "default"))
    pattern = json.dumps(properties["EventPattern"])
    events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    targets = [{"Id": each["Id"], "Arn": each["Arn"]} for each in properties.get("Targets", ())]
    if targets:
        events.put_targets(Rule=name, EventBusName=bus, Targets=targets)


def _attributes(properties: Mapping[str, Any]) -> dict[Any, str]:
    return {
        name: json.dumps(properties[name]) if name == "RedrivePolicy" else str(properties[name])
        for name in _QUEUE
        if name in properties
    }
