"""What is remembered of changes: who made them, and what they were."""
