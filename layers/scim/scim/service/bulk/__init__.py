"""Bulk: many operations in one request, planned, performed and answered singly (RFC 7644 section 3.7)."""
