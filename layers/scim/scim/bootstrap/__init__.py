"""Composition: it turns settings into the handlers of the functions."""
