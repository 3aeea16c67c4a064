"""A user's life, by the typed client that `make clients` makes: python python_client.py BASE TOKEN."""

import sys
from uuid import uuid4

from scim_api import AuthenticatedClient
from scim_api.api.user import (
    delete_users_one,
    get_users,
    get_users_one,
    patch_users_one,
    post_users,
)
from scim_api.models import PatchOp, PatchOpOperationsItem, PatchOpOperationsItemOp, UserToWrite

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def require(*, is_so: bool, answer: object) -> None:
    """Raise where an answer is not what it should be."""
    if not is_so:
        raise RuntimeError(f"unexpected: {answer}")


def main(base: str, token: str) -> None:
    """Create a user, find, change and delete it; raise RuntimeError where the service does not."""
    name = f"{uuid4()}@example.com"
    with AuthenticatedClient(base_url=base, token=token, raise_on_unexpected_status=True) as client:
        made = post_users.sync(
            client=client, body=UserToWrite(schemas=[USER], user_name=name, active=True)
        )
        found = get_users.sync(client=client, filter_=f'userName eq "{name}"')
        require(is_so=[each.id for each in found.resources] == [made.id], answer=found)
        operation = PatchOpOperationsItem(
            op=PatchOpOperationsItemOp.REPLACE, path="active", value=False
        )
        patch_users_one.sync(
            made.id, client=client, body=PatchOp(schemas=[PATCH], operations=[operation])
        )
        changed = get_users_one.sync(made.id, client=client)
        require(is_so=changed.active is False, answer=changed)
        gone = delete_users_one.sync_detailed(made.id, client=client)
        require(is_so=gone.status_code == 204, answer=gone)
        missing = get_users_one.sync(made.id, client=client)
        require(is_so=missing.status == "404", answer=missing)
    sys.stdout.write("A user was created, found, changed and deleted by the typed client.\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
