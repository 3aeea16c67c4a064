"""What stands before writes, and what is counted with them: how much there is, and may be removed in a while."""
