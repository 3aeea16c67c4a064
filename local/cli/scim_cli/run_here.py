"""What `make run` runs on this machine, as the command line needs to know it."""

import os

REGION = "us-east-1"
"""The region of everything local."""

TOKEN = "local-demo-token"  # noqa: S105 - meant to be known
"""Opens the tenant demo."""


def address() -> str:
    """Return the host and port of the service, as PORT says."""
    return f"127.0.0.1:{os.environ.get('PORT') or '8080'}"
