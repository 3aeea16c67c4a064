"""Acts of administrators: recorded before they begin and again when they end."""

import re
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
"""The name under which acts that concern no tenant are kept: no tenant can have it."""
_LONGEST = 200
"""The most characters of one value in the record of an act."""
_CREDENTIALS = re.compile(r"(?<=://)[^/?#]*@|\?.*", re.DOTALL)
"""The parts of a URL that can contain a secret."""


@contextmanager
def noted(
    acts: Acts, clock: Clock, actor: Actor, operation: str, tenant: str, asked: Mapping[str, Any]
) -> Iterator[None]:
    """Record the act done inside the `with` block: its beginning, and whether it was done, refused or failed.

    `asked` holds no secrets; of a long value only the length is recorded, and of a URL neither user nor query.
    """
    act = Act(
        tenant=tenant or DEPLOYMENT,
        id=short_id(6),
        at=clock.now(),
        operation=operation,
        actor=actor.name,
        address=actor.address,
        transaction=actor.request_id,
        asked={name: _recorded(value) for name, value in asked.items()},
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


def length_of(value: Any) -> str:
    """Return what is recorded of a value that is too long, or may contain what is stored nowhere."""
    return f"({len(str(value))} characters)"


def _recorded(value: Any) -> Any:
    if len(str(value)) > _LONGEST:
        return length_of(value)
    is_url = isinstance(value, str) and "://" in value
    return _CREDENTIALS.sub("…", value) if is_url else value
