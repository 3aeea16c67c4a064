"""Resources as plain mappings: taking in, merging, comparing, indexing and projecting them."""
