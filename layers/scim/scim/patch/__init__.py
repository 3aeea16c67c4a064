"""PATCH: rewrites a client's dialect to plain RFC 7644 operations, and applies these with a strict engine."""
