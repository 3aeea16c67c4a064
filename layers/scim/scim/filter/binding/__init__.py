"""Binding: binds a tree to a resource type, and compiles it to a predicate."""
