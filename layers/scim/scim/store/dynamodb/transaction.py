"""What a transaction may hold, and why one was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scim.errors import PayloadTooLarge
from scim.resource.change import AlreadyMade
from scim.store.dynamodb.step import Request, Step
from scim.store.dynamodb.values import Value

MAX_STEPS = 100
MAX_BYTES = 4_000_000
MAX_ITEM_BYTES = 350_000
MAX_EXPRESSION_BYTES = 4096
CONDITION = "ConditionalCheckFailed"


@dataclass(frozen=True, slots=True)
class Failure:
    """A step whose condition failed, and the item it met, empty when there was none."""

    step: Step
    item: Mapping[str, Value]


class Refused(Exception):
    """Conditions failed and nothing was written; `failures` are in the order of the steps."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__("a condition failed")
        self.failures = tuple(failures)

    def cause(self) -> Exception:
        """Return what the first failed step means, unless the whole was made before."""
        refusals = [failure.step.refusal for failure in self.failures]
        return next((each for each in refusals if isinstance(each, AlreadyMade)), refusals[0])

    def of(self, step: Step) -> Failure | None:
        """Return the failure of that step, or None when its condition held."""
        return next((f for f in self.failures if f.step is step), None)


def check_bounds(steps: Sequence[Step], requests: Sequence[Request]) -> None:
    """Raise PayloadTooLarge where DynamoDB would refuse; no emulator knows all of its bounds."""
    weights = [step.weight() for step in steps]
    if max(weights) > MAX_ITEM_BYTES:
        raise PayloadTooLarge(f"A resource may take up to {MAX_ITEM_BYTES} bytes when stored.")
    expressions = [
        len(str(text))
        for request in requests
        for body in request.values()
        for name, text in body.items()
        if name.endswith("Expression")
    ]
    within = (
        len(steps) <= MAX_STEPS
        and sum(weights) <= MAX_BYTES
        and max(expressions, default=0) <= MAX_EXPRESSION_BYTES
    )
    if not within:
        raise PayloadTooLarge("This changes too much at once; make several smaller requests.")
