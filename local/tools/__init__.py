"""The Makefile's tools: audit, deploy, fuzz, the OpenAPI and profile documents, and others."""
