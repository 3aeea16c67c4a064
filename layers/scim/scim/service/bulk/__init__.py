"""Bulk: many operations in one request, planned together and answered one by one (RFC 7644 section 3.7)."""
