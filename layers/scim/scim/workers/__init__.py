"""Workers: what AWS starts without a caller, the steps of jobs and the sweep."""
