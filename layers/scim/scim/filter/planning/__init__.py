"""Planning: which index answers a bound filter."""
