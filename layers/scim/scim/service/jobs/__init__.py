"""Jobs: work that takes longer than a request, in steps that can be repeated."""
