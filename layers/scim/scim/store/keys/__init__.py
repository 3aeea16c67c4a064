"""Keys of all kinds of items (docs/decisions/0001-one-table.md)."""
