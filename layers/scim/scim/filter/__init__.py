"""Filters and PATCH paths: parses text to a tree, binds the tree to a schema, and plans or tests the result."""
