"""What the Makefile calls: audit, deploy, fuzz, the written OpenAPI and profile documents."""
