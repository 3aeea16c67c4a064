"""Relations: edges, nesting and references between resources."""
