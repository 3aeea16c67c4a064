"""Consistency check of the raw table: it verifies the invariants without any of the application's code."""

from scim.fsck.check import open_work, violations

__all__ = ["open_work", "violations"]
