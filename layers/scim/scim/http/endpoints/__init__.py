"""Endpoints: what each path below the base URL does."""
