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
    """Return type, default and bounds of the limits, as a template declares parameters; it has no type Integer."""
    settings = {setting.name: setting for setting in VARIABLES.values()}
    declared: dict[str, dict[str, Any]] = {}
    for name, variable in limits().items():
        setting = settings[variable]
        bounds = {"MinValue": setting.least, "MaxValue": setting.most}
        set_bounds = {key: value for key, value in bounds.items() if value is not None}
        declared[name] = {"Type": "Integer", "Default": setting.default, **set_bounds}
    return declared


def folded(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the given parameters with the limits moved into the document."""
    limit_values = {name: int(value) for name, value in parameters.items() if name in limits()}
    others = {name: value for name, value in parameters.items() if name not in limit_values}
    if not limit_values:
        return others
    document = {**limit_values, **json.loads(others.get(DOCUMENT) or "{}")}
    return {**others, DOCUMENT: json.dumps(document, separators=(",", ":"))}


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
