"""The ports on DynamoDB: one table, and one transaction for each state change."""
