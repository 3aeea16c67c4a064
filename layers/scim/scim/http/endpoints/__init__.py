"""Endpoints: one function for each path below the base URL."""
