"""What a resource may look like: attributes, schemas and resource types, read from RFC 7643 section 7 JSON."""
