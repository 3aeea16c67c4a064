"""The limits of a deployment by name, as parameters of the template that are one document there."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from scim.settings import VARIABLES, limits
from scim.variable import validated, variables_of

DOCUMENT = "Limits"
"""The parameter of the template that is the document."""


def declarations() -> dict[str, dict[str, Any]]:
    """Return the limits as a template would declare them: type, default and bounds."""
    known = {each.name: each for each in VARIABLES.values()}
    found: dict[str, dict[str, Any]] = {}
    for name, variable in limits().items():
        each = known[variable]
        bounds = {"MinValue": each.least, "MaxValue": each.most}
        kept = {key: value for key, value in bounds.items() if value is not None}
        found[name] = {"Type": "Number", "Default": each.default, **kept}
    return found


def folded(given: Mapping[str, str]) -> dict[str, str]:
    """Return what is given with the limits in it put into the document."""
    named = {name: int(value) for name, value in given.items() if name in limits()}
    rest = {name: value for name, value in given.items() if name not in named}
    if not named:
        return rest
    document = {**named, **json.loads(rest.get(DOCUMENT) or "{}")}
    return {**rest, DOCUMENT: json.dumps(document, separators=(",", ":"))}


def wrong_with(document: str) -> str:
    """Return what is wrong with a document of limits, empty where nothing is.

    Raises scim.variable.LimitsError for what is none.
    """
    try:
        validated(VARIABLES, variables_of(document, limits()))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{first['loc'][0]}: {first['msg']}"
    return ""
