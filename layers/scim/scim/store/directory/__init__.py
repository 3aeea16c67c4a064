"""The directory: resources, their index entries and edges, as items."""
