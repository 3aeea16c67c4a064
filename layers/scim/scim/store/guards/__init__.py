"""What stands before writes: how much of a directory may be removed in a while."""
