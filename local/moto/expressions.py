"""Update expressions read once each: the service has few, and moto reads one twice for each update."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from moto.dynamodb.parsing import ast_nodes, expressions

# Modules that mypy is told to pass over.
Node: Any = ast_nodes.Node  # type: ignore[attr-defined]
DepthFirstTraverser: Any = ast_nodes.DepthFirstTraverser  # type: ignore[attr-defined]
UpdateExpressionParser: Any = expressions.UpdateExpressionParser  # type: ignore[attr-defined]


@contextmanager
def expressions_read_once() -> Iterator[None]:
    """Keep the tree of each expression; who puts values into one takes a copy, as moto does."""
    with (
        patch.object(UpdateExpressionParser, "make", cache(UpdateExpressionParser.make)),
        patch.object(Node, "__deepcopy__", _copied, create=True),
        patch.object(DepthFirstTraverser, "traverse", _traversed),
    ):
        yield


def _copied(node: Any, memo: dict[int, Any]) -> Any:
    """Return a copy of a tree, without the search for circles that its ways up need otherwise."""
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
    """Process a tree from its leaves up, looking for what is to be processed by class, once each."""
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
