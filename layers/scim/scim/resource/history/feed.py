"""What a tenant wants of the change feed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Feed:
    """Whether changes are logged, for how many days, and where events are pushed to.

    `is_full` says that events carry the content, not only the names of what changed; `push_url`
    is empty where nothing is pushed, `push_secret` the name of the secret that the receiver wants
    to see as a Bearer token; `audience` is the `aud` of events, empty for the deployment's own;
    `owner` and `token` are those of who subscribed the receiver.
    """

    is_on: bool = True
    days: int = 30
    is_full: bool = True
    push_url: str = ""
    push_secret: str = ""
    audience: str = ""
    owner: str = ""
    token: str = ""

    def json(self) -> dict[str, Any]:
        """Return the settings as they are stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """Return the settings that were stored; what a later version added is left out."""
        return cls(**{name: held[name] for name in cls.__slots__ if name in held})
