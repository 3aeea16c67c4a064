"""The routes of the operator's console beyond the operations of administration."""
