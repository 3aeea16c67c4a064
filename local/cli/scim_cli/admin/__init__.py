"""Commands about tenants, what opens them and what is stored: they talk to the table."""
