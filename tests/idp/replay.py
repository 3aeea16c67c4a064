"""Conversations of clients, replayed through the whole service."""

from collections.abc import Iterator
from pathlib import Path

from local.gateway import Gateway
from local.judge import conversation

HOST = "http://127.0.0.1:8080"


def replayed(gateway: Gateway, path: Path, mount: str, token: str) -> Iterator[str]:
    """Yield what of the answers is not as the client expects."""
    return conversation.replayed(
        lambda method, target, headers, body: gateway.handle(method, mount + target, headers, body),
        conversation.recorded(path),
        f"{HOST}{mount}",
        token,
    )
