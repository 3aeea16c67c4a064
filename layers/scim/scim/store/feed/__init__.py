"""The change log: from the table's stream into lanes, and from the lanes to receivers."""
