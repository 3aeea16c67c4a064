"""Acts: written down before they begin, and again when they have ended."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from scim.errors import ScimError
from scim.resource.history.act import Act, Ending
from scim.service.administration.ports import Actor, Acts
from scim.service.ports import Clock
from scim.service.system import short_id

DEPLOYMENT: Final = "scim"
"""Under whose name acts are kept that are about no tenant: one that no tenant can have."""
_LONGEST = 200
"""Characters of one value that an act is written down with."""


@contextmanager
def noted(
    acts: Acts, clock: Clock, actor: Actor, operation: str, tenant: str, asked: Mapping[str, Any]
) -> Iterator[None]:
    """Note what is done within: that it begins, and whether it was done, refused or failed.

    `asked` is without secrets; what is long in it, such as a document, is left out but for its length.
    """
    act = Act(
        tenant=tenant or DEPLOYMENT,
        id=short_id(6),
        at=clock.now(),
        operation=operation,
        actor=actor.name,
        address=actor.address,
        transaction=actor.request_id,
        asked={name: _shortened(value) for name, value in asked.items()},
    )
    acts.note(act)
    outcome, why = Ending.FAILED, ""
    try:
        yield
        outcome = Ending.DONE
    except ScimError as error:
        outcome, why = Ending.REFUSED, error.detail
        raise
    finally:
        acts.note(replace(act, outcome=outcome, why=why))


def _shortened(value: Any) -> Any:
    return value if len(str(value)) <= _LONGEST else f"({len(str(value))} characters)"
