"""How a command ends when it cannot do what it was asked for: a sentence, and a code."""

from typing import ClassVar

import click

CODES = {
    0: "done",
    1: "refused, interrupted or done in part: the last line says what",
    2: "the command line is wrong",
    3: "no AWS credentials, or none that are valid or allow it",
    4: "AWS or the service cannot be reached",
}
"""What the codes mean; `scim --help` says it too."""


class NoAccess(click.ClickException):
    """There are no credentials, or AWS does not take them, or they do not allow what was asked for."""

    exit_code: ClassVar[int] = 3


class Unreachable(click.ClickException):
    """Nobody answers."""

    exit_code: ClassVar[int] = 4
