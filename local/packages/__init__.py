"""Packages from registries other than PyPI, for the tools of this repository."""
