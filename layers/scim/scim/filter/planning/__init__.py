"""Planning: chooses the index that answers a bound filter."""
