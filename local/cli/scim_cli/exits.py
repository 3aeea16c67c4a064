"""Errors that end a command with a sentence and an exit code."""

from typing import ClassVar

import click

from scim_cli.http_client import is_proxied


class NoAccess(click.ClickException):
    """There are no credentials, or AWS does not accept them, or they lack a permission."""

    exit_code: ClassVar[int] = 3


class Unreachable(click.ClickException):
    """There is no response."""

    exit_code: ClassVar[int] = 4

    @classmethod
    def at(cls, url: str, error: Exception) -> "Unreachable":
        """Return the error for a URL that cannot be reached."""
        through = " through the proxy of the environment" if is_proxied(url) else ""
        return cls(f"{url} cannot be reached{through}: {str(error).rstrip('.')}.")
