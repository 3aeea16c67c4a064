"""DynamoDB in this process: moto, with what makes it slow on a few thousand items replaced.

moto copies whole tables to undo a transaction, sorts whole tables to answer a query, and looks for
every type in every value it sends. Here a transaction keeps copies of the items it touches, a query
is given the items it reads, and an operation its JSON; what the operations mean stays moto's. tests/local/moto compares
the two on the same operations, so that another version of moto cannot go wrong unseen.
"""

from local.moto.mock import quick_moto

__all__ = ["quick_moto"]
