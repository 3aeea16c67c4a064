"""Composition: what the functions join, from settings to handlers."""
