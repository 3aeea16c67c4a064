"""Jobs: what takes longer than a request, in steps that may be repeated."""
