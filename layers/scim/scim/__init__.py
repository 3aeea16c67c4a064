"""SCIM 2.0 on AWS Lambda and DynamoDB."""

from typing import Final

USER_AGENT: Final = "serverless-scim"
"""Names the sender of our own requests. Firewalls refuse a request without a name, and Python's own names."""
