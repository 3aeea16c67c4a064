"""Filters and PATCH paths: text to tree, tree to the attributes of a schema, and from there to an answer."""
