"""The limits of a deployment by name. In the template they are one parameter, a document."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from scim.settings import VARIABLES, limits
from scim.variable import validated, variables_of

DOCUMENT = "Limits"
"""The template's parameter with the document."""


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
    """Return the given parameters with the limits moved into the document."""
    named = {name: int(value) for name, value in given.items() if name in limits()}
    rest = {name: value for name, value in given.items() if name not in named}
    if not named:
        return rest
    document = {**named, **json.loads(rest.get(DOCUMENT) or "{}")}
    return {**rest, DOCUMENT: json.dumps(document, separators=(",", ":"))}


def wrong_with(document: str) -> str:
    """Return what is wrong with a document of limits, or "".

    Raises scim.variable.LimitsError if the text is not such a document.
    """
    try:
        validated(VARIABLES, variables_of(document, limits()))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{first['loc'][0]}: {first['msg']}"
    return ""
