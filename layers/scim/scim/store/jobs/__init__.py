"""Jobs: their items, results, files and state machine."""
