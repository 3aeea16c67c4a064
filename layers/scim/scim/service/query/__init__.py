"""Query: filtering, candidates, matches, the walk or the sort, the size of the answer, and paging."""
