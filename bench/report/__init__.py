"""The one report of `make bench`: what it says of what was measured."""
