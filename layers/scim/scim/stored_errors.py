"""Errors as texts in files of jobs: the name of the class and the detail, and back.

The names are stored, so a class of scim.errors is never renamed without a name here for the old one.
"""

from inspect import Parameter, signature
from typing import Final

from scim import errors
from scim.errors import ScimError


def _needs_only_a_detail(kind: type[ScimError]) -> bool:
    parameters = signature(kind).parameters.values()
    return sum(each.default is Parameter.empty for each in parameters) == 1


_BY_NAME: Final = {
    name: each
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, ScimError) and _needs_only_a_detail(each)
}


def stored(error: ScimError) -> list[str]:
    """Return the error's class and its detail; of one that says more, the nearest that does not."""
    kind = next(each for each in type(error).__mro__ if each in _BY_NAME.values())
    return [kind.__name__, error.detail]


def restored(name: str, detail: str) -> ScimError:
    """Return the error that was stored. Raises KeyError for a name no class has."""
    return _BY_NAME[name](detail)
