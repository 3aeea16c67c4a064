"""Who requested a change and how; stored with the changed resource."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from scim.immutable import immutable


class Action(StrEnum):
    """The kind of a change to a resource."""

    CREATE = "create"
    PUT = "put"
    PATCH = "patch"
    DELETE = "delete"


@immutable
class Origin:
    """The credential behind a change, and the request or job that it belongs to.

    `token` identifies the credential without revealing it, `owner` its owner, and `subject` the resource
    that `/Me` is for it; `address` is the caller's IP address; `transaction` is the id of the request or
    job. All are empty for changes that the service makes itself.
    """

    token: str = ""
    owner: str = ""
    subject: str = ""
    address: str = ""
    transaction: str = ""

    def json(self) -> dict[str, Any]:
        """Return the members that are not empty, under one-letter names, to be stored with each resource.

        The usual owner of a token, `token:` and the token's own id, is omitted.
        """
        owner = "" if self.owner == f"token:{self.token}" else self.owner
        members = {"t": self.token, "w": owner, "s": self.subject, "a": self.address}
        return {name: value for name, value in {**members, "x": self.transaction}.items() if value}

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> Self:
        """Return the origin of a stored form, an empty one if nothing was stored."""
        token = str(members.get("t", ""))
        owner = str(members.get("w") or (f"token:{token}" if token else ""))
        texts = (str(members.get(name, "")) for name in ("s", "a", "x"))
        return cls(token, owner, *texts)
