"""Errors as stored in files of jobs, by class name and detail, and back.

The names are stored: whoever renames a class of scim.errors keeps its old name readable here.
"""

from inspect import Parameter, signature
from typing import Final

from scim import errors
from scim.errors import ScimError


def _needs_only_a_detail(kind: type[ScimError]) -> bool:
    parameters = signature(kind).parameters.values()
    return sum(parameter.default is Parameter.empty for parameter in parameters) == 1


_BY_NAME: Final = {
    name: member
    for name, member in vars(errors).items()
    if isinstance(member, type) and issubclass(member, ScimError) and _needs_only_a_detail(member)
}


def stored(error: ScimError) -> list[str]:
    """Return the names of the error's class and its detail.

    A class that needs more than a detail is stored as its nearest base class that does not.
    """
    kind = next(class_ for class_ in type(error).__mro__ if class_ in _BY_NAME.values())
    return [kind.__name__, error.detail]


def restored(name: str, detail: str) -> ScimError:
    """Return the stored error. Raises KeyError for an unknown class name."""
    return _BY_NAME[name](detail)
