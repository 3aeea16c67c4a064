"""Profiles: what differs between the APIs that tenants' clients expect; data, no code."""

from scim.profile.profile import Profile
from scim.profile.tolerance import Tolerance

__all__ = ["Profile", "Tolerance"]
