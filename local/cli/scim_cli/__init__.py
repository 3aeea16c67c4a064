"""The operator's command line, `scim`, with the AWS credentials of whoever runs it."""

__version__ = "0.1.0"
