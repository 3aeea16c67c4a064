"""Tenants and what opens their directories, as values: what is settled, and nothing of how it is kept."""
