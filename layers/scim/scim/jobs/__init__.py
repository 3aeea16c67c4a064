"""The face of long-running work."""
