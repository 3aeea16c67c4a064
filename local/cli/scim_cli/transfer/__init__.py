"""Files into a directory and out of it, at the command line."""
