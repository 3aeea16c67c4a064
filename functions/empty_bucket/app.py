"""Empties the bucket of jobs when the stack is deleted."""

from scim.bootstrap.workers import empty_bucket_handler

handler = empty_bucket_handler()
