"""The template's schedules; on this machine a minute lasts a second."""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from local.intrinsics import ACCOUNT_ID, REGION
from local.runtime import FunctionError
from local.template import Template

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}

Invoke = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule that invokes a function every `minutes` minutes."""

    rule_arn: str
    function_arn: str
    minutes: int


def schedules_of(template: Template) -> tuple[Schedule, ...]:
    """Return the enabled rate schedules; cron expressions never come due in a local run."""
    schedules = []
    for logical_id in template.ids_of("AWS::Events::Rule"):
        properties = template.properties_of(logical_id)
        rate = _RATE.fullmatch(properties.get("ScheduleExpression", ""))
        if rate is None or properties.get("State") == "DISABLED":
            continue
        minutes = int(rate[1]) * _MINUTES[rate[2]]
        targets = [target["Arn"] for target in properties["Targets"] if ":lambda:" in target["Arn"]]
        schedules += [
            Schedule(template.scope.arn_of(logical_id), target, minutes) for target in targets
        ]
    return tuple(schedules)


class Schedules:
    """Invokes scheduled functions: all at once on request, or in the background as they come due."""

    def __init__(self, schedules: tuple[Schedule, ...], invoke: Invoke) -> None:
        self._schedules = schedules
        self._invoke = invoke
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="schedules", daemon=True)

    def fire(self) -> None:
        """Invoke every scheduled function once, and raise its error."""
        for schedule in self._schedules:
            self._invoke(schedule.function_arn, _event(schedule))

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        second = 0
        while not self._stopped.wait(1):
            second += 1
            for schedule in self._schedules:
                if second % schedule.minutes == 0:
                    self._try(schedule)

    def _try(self, schedule: Schedule) -> None:
        try:
            self._invoke(schedule.function_arn, _event(schedule))
        except FunctionError as error:
            # EventBridge also continues after a failed target; the function's own log has the traceback.
            print(f"Scheduled {schedule.function_arn}: {error}")


def _event(schedule: Schedule) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": REGION,
        "resources": [schedule.rule_arn],
        "detail": {},
    }
