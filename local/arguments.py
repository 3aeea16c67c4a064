"""The arguments of `make run`: settings, and parameters of the template, by name."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STORES = ("moto", "dynamodb-local")
MOST_PORT = 65_535
_SETTINGS = ("PORT", "STORE", "DATA", "WORKERS")
_OF_OTHERS = ("PYTHON", "ARGS", "DYNAMODB_LOCAL_LICENSE")
"""Variables on the same line that are for make or for a store."""
_FUNCTIONS = "SCIM_"


class ArgumentError(Exception):
    """An argument that `make run` cannot accept; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What to serve: `given` are parameters of the template, and variables of its functions."""

    port: int
    store: str
    data: Path | None
    workers: int
    given: Mapping[str, str]


def arguments_of(
    words: Iterable[str],
    environment: Mapping[str, str],
    parameters: Mapping[str, Mapping[str, Any]],
) -> Arguments:
    """Return the arguments in the environment and in the words: NAME=VALUE, or NAME of an environment variable.

    `parameters` are the declarations of the template. Raises ArgumentError.
    """
    said = dict(environment)
    for word in words:
        name, equals, value = word.partition("=")
        _require_known(name, parameters)
        if equals:
            said[name] = value
    given = {name: value for name, value in said.items() if name.startswith(_FUNCTIONS)}
    for name in parameters.keys() & said.keys():
        require_allowed(name, said[name], parameters[name])
        given[name] = said[name]
    arguments = Arguments(
        port=_number(said, "PORT", 8080, 0, MOST_PORT),
        store=_one_of(said, "STORE", STORES),
        data=Path(said["DATA"]) if said.get("DATA") else None,
        workers=_number(said, "WORKERS", 1, 1, 64),
        given=given,
    )
    _require_together(arguments)
    return arguments


def _require_known(name: str, parameters: Mapping[str, object]) -> None:
    known = (*_SETTINGS, *_OF_OTHERS, *parameters)
    if name in known or name.startswith(_FUNCTIONS):
        return
    near = difflib.get_close_matches(name, known, 1)
    hint = f"Did you mean {near[0]}?" if near else f"It takes {', '.join(_SETTINGS)}."
    raise ArgumentError(f"There is no setting and no parameter of the template {name}. {hint}")


def require_allowed(name: str, value: str, declared: Mapping[str, Any]) -> None:
    """Raise ArgumentError for a value that CloudFormation would refuse."""
    allowed = [str(each) for each in declared.get("AllowedValues", ())]
    if allowed and value not in allowed:
        raise ArgumentError(f"{name}={value}: expected one of {', '.join(allowed)}.")
    if declared.get("Type") == "Number":
        least, most = declared.get("MinValue"), declared.get("MaxValue")
        if not _is_within(value, least, most):
            bounds = f"of {least} or more" if most is None else f"from {least} to {most}"
            raise ArgumentError(f"{name}={value}: expected a number {bounds}.")
    pattern = declared.get("AllowedPattern")
    if pattern is not None and re.fullmatch(pattern, value) is None:
        raise ArgumentError(f"{name}={value}: expected what {pattern} matches.")


def _is_within(value: str, least: float | None, most: float | None) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return (least is None or number >= least) and (most is None or number <= most)


def _number(said: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = said.get(name) or str(usual)
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise ArgumentError(f"{name}={text}: expected a number from {least} to {most}.")
    return int(text)


def _one_of(said: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    text = said.get(name) or known[0]
    if text not in known:
        near = difflib.get_close_matches(text, known, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ArgumentError(f"{name}={text}: expected one of {', '.join(known)}.{hint}")
    return text


def _require_together(arguments: Arguments) -> None:
    if arguments.data is not None and arguments.store == "moto":
        # Acknowledged writes would be lost if the process is killed.
        raise ArgumentError(
            "DATA is kept by STORE=dynamodb-local only; moto has everything in memory."
        )
    if arguments.workers > 1 and (arguments.store != "dynamodb-local" or not arguments.port):
        raise ArgumentError("WORKERS need STORE=dynamodb-local, and a PORT to count from.")
