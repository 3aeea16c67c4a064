"""Jobs: requests too long for one answer, accepted now and done step by step, each step once."""
