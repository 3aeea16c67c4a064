"""Access: tenants and the credentials for their directories."""
