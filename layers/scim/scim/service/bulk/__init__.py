"""Bulk: many operations in one request, planned, done and answered one by one (RFC 7644 section 3.7)."""
