"""Access to DynamoDB: the table, its reads and writes, their values, cost and retries."""
