"""Measurements: what requests cost, at which size, and beside others. Never deployed."""
