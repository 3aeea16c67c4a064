"""Parsing: reads a filter's text as a tree."""
