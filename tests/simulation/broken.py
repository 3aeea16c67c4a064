"""Safeguards taken out, one at a time: a simulator that did not notice would prove nothing."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from scim.store.directory import commit, journal, links, resource_item
from scim.store.dynamodb import retry, table
from scim.store.dynamodb.write import Write, exists

Patch = tuple[object, str, object]


def _without_guard() -> list[Patch]:
    return [
        (commit, "guards_advanced", lambda *_: []),
        (journal, "guards_held", lambda *_: []),
        (journal, "guards_freed", lambda *_: []),
    ]


def _without_edge_condition() -> list[Patch]:
    edge = links.EdgeWrites._edge

    def bare(self: links.EdgeWrites, change: links.EdgeChange) -> Write:
        return replace(edge(self, change), conditions=())

    return [(links.EdgeWrites, "_edge", bare)]


def _without_left_keys() -> list[Patch]:
    class Forgetful(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            return default if name == "UnprocessedKeys" else super().get(name, default)

    send = table.Table._send

    def forgetful(self: table.Table, *given: Any, **request: Any) -> Any:
        answer = send(self, *given, **request)
        return Forgetful(answer) if "RequestItems" in request else answer

    return [(table.Table, "_send", forgetful)]


def _with_new_tokens() -> list[Patch]:
    make = retry.Attempts.make

    def renewed(self: retry.Attempts, ask: Callable[..., Any], **request: Any) -> Any:
        if "ClientRequestToken" in request:
            request["ClientRequestToken"] = str(uuid.uuid4())
        return make(self, ask, **request)

    return [(retry.Attempts, "make", renewed)]


def _without_position() -> list[Patch]:
    header = journal.Journal.header

    def bare(self: journal.Journal, action: Any, position: int) -> Write:
        return header(self, action, position)._replace(conditions=(exists(),))

    return [(journal.Journal, "header", bare)]


def _without_version() -> list[Patch]:
    return [(resource_item, "equals", lambda *_: exists())]


SAFEGUARDS: Mapping[str, Callable[[], list[Patch]]] = {
    "nesting-guard": _without_guard,
    "edge-condition": _without_edge_condition,
    "unprocessed-keys": _without_left_keys,
    "client-token": _with_new_tokens,
    "journal-position": _without_position,
    "version": _without_version,
}


@contextmanager
def broken(name: str) -> Iterator[None]:
    """Take a safeguard out for a while."""
    patches = SAFEGUARDS[name]() if name else []
    had = [getattr(owner, attribute) for owner, attribute, _ in patches]
    for owner, attribute, other in patches:
        setattr(owner, attribute, other)
    try:
        yield
    finally:
        for (owner, attribute, _), before in zip(patches, had, strict=True):
            setattr(owner, attribute, before)
