"""Commands that administer tenants, their credentials and their settings."""
