"""The report of `make bench`."""
