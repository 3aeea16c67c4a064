"""Access: tenants and what may open their directories."""
