"""Dialect: responses in the form that a profile's clients expect."""
