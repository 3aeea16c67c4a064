"""`python -m tests.concurrency.broken_server`: a server with one of its safeguards taken out.

A storm that such servers survive would prove nothing (BROKEN names the safeguard).
"""

import os
import sys

from local.__main__ import main
from scim.service import attempt
from scim.store.directory import commit, journal, resource_item
from scim.store.dynamodb.write import exists


def without_guard() -> None:
    """Nothing notices that others nest groups at the same time."""
    commit.guards_advanced = lambda *_: []
    journal.guards_held = lambda *_: []


def without_condition() -> None:
    """New content does not mind from which version it was made."""
    resource_item.equals = lambda *_: exists()


def without_retry() -> None:
    """What others have changed meanwhile is not read again."""
    attempt.LIMIT = 1


SAFEGUARDS = {"guard": without_guard, "condition": without_condition, "retry": without_retry}


if __name__ == "__main__":
    SAFEGUARDS[os.environ["BROKEN"]]()
    sys.exit(main([]))
