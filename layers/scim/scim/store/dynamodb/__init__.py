"""DynamoDB: the table, its writes and values, what they cost and when they are repeated."""
