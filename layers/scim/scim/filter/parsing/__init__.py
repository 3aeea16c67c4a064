"""Parsing: a filter's text as a tree."""
