"""How a command ends when it cannot do what it was asked for: a sentence, and a code."""

from typing import ClassVar

import click


class NoAccess(click.ClickException):
    """There are no credentials, or AWS does not take them, or they do not allow what was asked for."""

    exit_code: ClassVar[int] = 3


class Unreachable(click.ClickException):
    """Nobody answers."""

    exit_code: ClassVar[int] = 4

    @classmethod
    def at(cls, url: str, error: Exception) -> "Unreachable":
        """Return how a command ends that cannot reach a URL."""
        return cls(f"{url} cannot be reached: {str(error).rstrip('.')}.")
