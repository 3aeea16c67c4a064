"""A tenant's mapping applied to resources: to attributes on writes, and to groups on reads."""
