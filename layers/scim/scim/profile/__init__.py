"""Profiles: the differences between the APIs that tenants' clients expect, as data without code."""

from scim.profile.profile import Profile
from scim.profile.tolerance import Tolerance

__all__ = ["Profile", "Tolerance"]
