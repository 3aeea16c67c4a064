"""The use cases: read, check, apply, validate, commit; storage and clock are ports."""
