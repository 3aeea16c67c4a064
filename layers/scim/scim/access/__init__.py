"""Tenants and the credentials for their directories, as values, independent of how they are stored."""
