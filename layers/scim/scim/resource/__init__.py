"""Resources as plain mappings: their intake, merging, comparison, indexing and projection."""
