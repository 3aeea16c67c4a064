"""The change feed: delta queries and security events."""
