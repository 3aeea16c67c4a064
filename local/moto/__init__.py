"""DynamoDB in this process: moto, with replacements for what makes it slow on a few thousand items.

moto copies whole tables to undo a transaction, sorts whole tables to answer a query, and tries every type for
every value that it sends. Here a transaction keeps copies of the items it touches, a query gets only the
items it reads, and an operation is passed as JSON; moto still executes the operations. tests/local/moto
compares both on the same operations, so that a new version of moto cannot differ unnoticed.
"""

from local.moto.mock import quick_moto

__all__ = ["quick_moto"]
