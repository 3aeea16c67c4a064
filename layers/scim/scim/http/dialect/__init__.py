"""Dialect: answers as a profile's clients expect them."""
