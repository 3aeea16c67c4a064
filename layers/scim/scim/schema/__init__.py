"""The definitions of resources: attributes, schemas and resource types, read from RFC 7643 section 7 JSON."""
