"""Region, token and address of the service that `make run` runs on this machine."""

import os

import click

HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names of this machine, for itself."""

REGION = "us-east-1"
"""The region of everything local."""

TOKEN = "local-demo-token"  # noqa: S105 - meant to be known
"""Opens the tenant demo."""


def address() -> str:
    """Return the host and port of the service, by PORT. Ends the command if PORT is not a port."""
    port = os.environ.get("PORT") or "8080"
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 1 << 16):
        raise click.UsageError(f"PORT is {port!r}; expected a number from 1 to 65535.")
    return f"127.0.0.1:{port}"
