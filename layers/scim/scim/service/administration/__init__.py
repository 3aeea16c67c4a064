"""Administration: what operators do with tenants, their settings and their credentials."""
