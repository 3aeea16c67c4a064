"""DynamoDB behind the ports: one table, every state change one transaction."""
