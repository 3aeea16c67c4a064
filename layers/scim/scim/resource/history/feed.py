"""What a tenant wants of the change feed."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self
from urllib.parse import urlsplit

_OWN_NAMES: Final = ("localhost", "internal", "local", "arpa", "home", "lan")
"""Last labels of names that mean something in somebody's own network only."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Whether changes are logged, for how many days, and where events are pushed to.

    `is_full` says that events carry the content, not only the names of what changed; `audience` is
    the `aud` of events, empty for the deployment's own. `push_url` is empty where nothing is
    pushed, `push_secret` the name of the secret that is sent as Authorization header, empty for
    none; `push_events` are those that are pushed, such as `prov:deactivate`, empty for all.
    """

    is_on: bool = True
    days: int = 30
    is_full: bool = True
    audience: str = ""
    push_url: str = ""
    push_secret: str = ""
    push_events: tuple[str, ...] = ()

    def with_settings(self, held: Mapping[str, Any]) -> Self:
        """Return the feed with what was stored of a tenant; what a later version added is left out."""
        known = {name: held[name] for name in setting_names() if name in held}
        if "push_events" in known:
            known["push_events"] = tuple(known["push_events"])
        return replace(self, **known)

    def pushes(self, events: Iterable[str]) -> bool:
        """Tell whether one of the events, such as `prov:patch:full`, is to be pushed.

        `prov:patch` stands for its notices and for those with content.
        """
        if not (self.is_on and self.push_url):
            return False
        return not self.push_events or any(
            event == wanted or event.startswith(f"{wanted}:")
            for event in events
            for wanted in self.push_events
        )


def setting_names() -> tuple[str, ...]:
    """Return the names of what a tenant can settle."""
    return tuple(each.name for each in fields(Feed))


def unfit_receiver(url: str) -> str:
    """Return why events are not pushed to a URL, empty where they may be.

    Where a name leads is seen when something is sent: it has to be a public address too.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "it is no URL"
    if parts.scheme != "https" or not host:
        return "it has to be an https URL"
    if parts.username or parts.password or parts.fragment:
        return "it holds credentials or a fragment"
    try:
        is_public = ipaddress.ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").split(".")
        is_public = len(labels) > 1 and labels[-1] not in _OWN_NAMES and not labels[-1].isdigit()
    return "" if is_public else "its host is not a public one"
