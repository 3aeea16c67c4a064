"""Administration: what operators do to tenants and to what opens their directories."""
