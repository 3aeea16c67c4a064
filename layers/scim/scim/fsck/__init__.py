"""Checks the raw table against what must always hold, without any of the application's code."""

from scim.fsck.check import open_work, violations

__all__ = ["open_work", "violations"]
