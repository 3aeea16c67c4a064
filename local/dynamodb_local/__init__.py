"""DynamoDB Local, Amazon's own emulator, for tests and runs that need the database's real semantics."""

from local.dynamodb_local.server import ENDPOINT_VARIABLE, running

__all__ = ["ENDPOINT_VARIABLE", "running"]
