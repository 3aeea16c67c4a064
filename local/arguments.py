"""The arguments of `make run`: settings, and parameters of the template, by name."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.limits import DOCUMENT, wrong_with
from scim.variable import LimitsError

STORES = ("moto", "dynamodb-local")
MOST_PORT = 65_535
USUAL_PORT = 8080
_SETTINGS = ("PORT", "STORE", "DATA", "WORKERS")
_OF_OTHERS = ("PYTHON", "ARGS", "DYNAMODB_LOCAL_LICENSE")
"""Variables on the same line that are for make or for a store."""
_FUNCTIONS = "SCIM_"
_NUMBERS: Mapping[str, tuple[Callable[[str], float], str]] = {
    "Number": (float, "a number"),
    "Integer": (int, "a whole number"),
}
"""How the text of a type is read, and what it is called."""


class ArgumentError(Exception):
    """An argument that `make run` cannot accept; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What to serve: `overrides` are parameters of the template, and variables of its functions."""

    port: int
    store: str
    data: Path | None
    workers: int
    overrides: Mapping[str, str]


def arguments_of(
    command_line: Iterable[str],
    environment: Mapping[str, str],
    parameters: Mapping[str, Mapping[str, Any]],
) -> Arguments:
    """Return the arguments in the environment and on the command line: NAME=VALUE, or NAME of an environment variable.

    `parameters` are the declarations of the template. Raises ArgumentError.
    """
    values = dict(environment)
    for argument in command_line:
        name, equals, value = argument.partition("=")
        _require_known(name, parameters)
        if equals:
            values[name] = value
    overrides = {name: value for name, value in values.items() if name.startswith(_FUNCTIONS)}
    for name in parameters.keys() & values.keys():
        require_allowed(name, values[name], parameters[name])
        overrides[name] = values[name]
    if DOCUMENT in overrides:
        _require_limits(overrides[DOCUMENT])
    arguments = Arguments(
        port=_number(values, "PORT", USUAL_PORT, 0, MOST_PORT),
        store=_one_of(values, "STORE", STORES),
        data=Path(values["DATA"]) if values.get("DATA") else None,
        workers=_number(values, "WORKERS", 1, 1, 64),
        overrides=overrides,
    )
    _require_together(arguments)
    return arguments


def _require_known(name: str, parameters: Mapping[str, object]) -> None:
    names = (*_SETTINGS, *_OF_OTHERS, *parameters)
    if name in names or name.startswith(_FUNCTIONS):
        return
    nearest = difflib.get_close_matches(name, names, 1)
    hint = f"Did you mean {nearest[0]}?" if nearest else f"It takes {', '.join(_SETTINGS)}."
    raise ArgumentError(f"There is no setting and no parameter of the template {name}. {hint}")


def require_allowed(name: str, value: str, declared: Mapping[str, Any]) -> None:
    """Raise ArgumentError for a value that CloudFormation would refuse."""
    allowed = [str(each) for each in declared.get("AllowedValues", ())]
    if allowed and value not in allowed:
        raise ArgumentError(f"{name}={value}: expected one of {', '.join(allowed)}.")
    if number := _NUMBERS.get(str(declared.get("Type"))):
        parse, noun = number
        minimum, maximum = declared.get("MinValue"), declared.get("MaxValue")
        if not _is_within(value, parse, minimum, maximum):
            bounds = f"of {minimum} or more" if maximum is None else f"from {minimum} to {maximum}"
            raise ArgumentError(f"{name}={value}: expected {noun} {bounds}.")
    pattern = declared.get("AllowedPattern")
    if pattern is not None and re.fullmatch(pattern, value) is None:
        raise ArgumentError(f"{name}={value}: expected what {pattern} matches.")


def _is_within(
    value: str, parse: Callable[[str], float], minimum: float | None, maximum: float | None
) -> bool:
    try:
        number = parse(value)
    except ValueError:
        return False
    return (minimum is None or number >= minimum) and (maximum is None or number <= maximum)


def _number(values: Mapping[str, str], name: str, default: int, minimum: int, maximum: int) -> int:
    text = values.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not minimum <= int(text) <= maximum:
        raise ArgumentError(f"{name}={text}: expected a number from {minimum} to {maximum}.")
    return int(text)


def _one_of(values: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    text = values.get(name) or choices[0]
    if text not in choices:
        nearest = difflib.get_close_matches(text, choices, 1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        raise ArgumentError(f"{name}={text}: expected one of {', '.join(choices)}.{hint}")
    return text


def _require_limits(document: str) -> None:
    """Raise ArgumentError for limits with which the functions would not start."""
    try:
        fault = wrong_with(document)
    except LimitsError as error:
        raise ArgumentError(str(error)) from error
    if fault:
        raise ArgumentError(f"{DOCUMENT}: {fault}.")


def _require_together(arguments: Arguments) -> None:
    if arguments.data is not None and arguments.store == "moto":
        # Acknowledged writes would be lost if the process is killed.
        raise ArgumentError(
            "DATA is kept by STORE=dynamodb-local only; moto has everything in memory."
        )
    if arguments.workers > 1 and (arguments.store != "dynamodb-local" or not arguments.port):
        raise ArgumentError("WORKERS need STORE=dynamodb-local, and a PORT to count from.")
