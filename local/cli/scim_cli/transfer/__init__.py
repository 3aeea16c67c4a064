"""Commands that import files into a directory and export it."""
