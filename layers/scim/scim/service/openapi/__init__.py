"""The API of one tenant as an OpenAPI 3.1 document: document → paths → messages → schemas."""
