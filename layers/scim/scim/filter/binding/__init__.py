"""Binding: a tree bound to a resource type, and as a predicate."""
