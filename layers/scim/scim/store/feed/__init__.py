"""The change log: from the table's stream into lanes, and out of them."""
