"""What a tenant's mapping makes of a resource: of its attributes when it is written, of its groups when it is read."""
