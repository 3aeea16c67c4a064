"""The history of changes: who made them, and what they changed."""
