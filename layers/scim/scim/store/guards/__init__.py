"""Guards of writes and the counters written with them: number of resources, removals, idempotency keys."""
