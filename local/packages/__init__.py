"""Packages of other registries than PyPI, which tools of this repository need."""
