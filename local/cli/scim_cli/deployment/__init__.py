"""Commands about a whole deployment, and their AWS credentials."""
