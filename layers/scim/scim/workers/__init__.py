"""Workers: functions that AWS invokes without a client, such as the steps of jobs and the sweep."""
