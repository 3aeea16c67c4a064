"""Keys: where each kind of item is (docs/decisions/0001-one-table.md)."""
