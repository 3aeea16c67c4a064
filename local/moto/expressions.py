"""Parses each update expression once: the service has few, and moto parses one twice for each update."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from moto.dynamodb.parsing import ast_nodes, expressions

# From modules that mypy ignores.
Node: Any = ast_nodes.Node  # type: ignore[attr-defined]
DepthFirstTraverser: Any = ast_nodes.DepthFirstTraverser  # type: ignore[attr-defined]
UpdateExpressionParser: Any = expressions.UpdateExpressionParser  # type: ignore[attr-defined]


@contextmanager
def expressions_read_once() -> Iterator[None]:
    """Cache the tree of each expression. Code that puts values into a tree takes a copy, as in moto."""
    with (
        patch.object(UpdateExpressionParser, "make", cache(UpdateExpressionParser.make)),
        patch.object(Node, "__deepcopy__", _copied, create=True),
        patch.object(DepthFirstTraverser, "traverse", _traversed),
    ):
        yield


def _copied(node: Any, memo: dict[int, Any]) -> Any:
    """Return a copy of a tree; its links to parents would otherwise need a search for cycles."""
    twin = object.__new__(type(node))
    twin.__dict__.update(node.__dict__)
    if node.children is not None:
        twin.children = [
            _copied(child, memo) if isinstance(child, Node) else child for child in node.children
        ]
        for child in twin.children:
            if isinstance(child, Node):
                child.set_parent(twin)
    return twin


def _traversed(self: Any, root: Any) -> Any:
    """Process a tree from its leaves up, and look up once for each class whether to process it."""
    wanted = self.nodes_to_be_processed()
    found: dict[type, bool] = {}

    def go(node: Any, place: int) -> Any:
        parent = node.parent
        for number, child in enumerate(node.children or ()):
            self.pre_processing_of_child(node, number)
            if hasattr(child, "children"):
                go(child, number)
        kind = type(node)
        if kind not in found:
            found[kind] = issubclass(kind, wanted)
        if not found[kind]:
            return node
        node = self.process(node)
        node.parent = parent
        if parent:
            parent.children[place] = node
        return node

    return go(root, -1) if isinstance(root, Node) else root
