"""Visibility: the tenant that a caller is bound to, and what its token's filters let it see."""
