"""DynamoDB Local, Amazon's own emulator, for the tests and runs that need real database semantics."""

from local.dynamodb_local.server import ENDPOINT_VARIABLE, running

__all__ = ["ENDPOINT_VARIABLE", "running"]
