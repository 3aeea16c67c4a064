"""PATCH: a client's dialect rewritten into plain RFC 7644 operations, and a strict engine for those."""
