"""Who asked for a change and how: stored with the resource that it changed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from scim.immutable import immutable


class Action(StrEnum):
    """What was done to a resource."""

    CREATE = "create"
    PUT = "put"
    PATCH = "patch"
    DELETE = "delete"


@immutable
class Origin:
    """The credential behind a change, and the request or job that it belongs to.

    `token` names the credential without revealing it, `owner` who holds it, `subject` whose
    resource `/Me` is for it; `address` is the caller's, `transaction` the id of the request or
    the job. Everything is empty for what the service does by itself.
    """

    token: str = ""
    owner: str = ""
    subject: str = ""
    address: str = ""
    transaction: str = ""

    def json(self) -> dict[str, Any]:
        """Return what is not empty, under names of one letter: it is stored with each resource.

        The usual owner of a token, `token:` and the token's own id, is left out.
        """
        owner = "" if self.owner == f"token:{self.token}" else self.owner
        held = {"t": self.token, "w": owner, "s": self.subject, "a": self.address}
        return {name: each for name, each in {**held, "x": self.transaction}.items() if each}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """Return the origin that was stored, of nobody where there is none."""
        token = str(held.get("t", ""))
        owner = str(held.get("w") or (f"token:{token}" if token else ""))
        rest = (str(held.get(name, "")) for name in ("s", "a", "x"))
        return cls(token, owner, *rest)
