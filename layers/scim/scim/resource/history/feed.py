"""What a tenant wants of the change feed."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self
from urllib.parse import urlsplit

_OWN_NAMES: Final = ("localhost", "internal", "local", "arpa", "home", "lan")
"""Last labels of names that mean something in somebody's own network only."""

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""What stands for an IPv4 address where a network has none (RFC 6052)."""
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")


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


def is_public_address(text: str) -> bool:
    """Tell whether an IP address is somebody's on the internet, and so is what it is translated to.

    Raises ValueError for what is no address.
    """
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public_address(str(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)))
        return address in _UNICAST and address.sixtofour is None and address.is_global
    return address.is_global and not address.is_multicast


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
        is_public = is_public_address(host)
    except ValueError:
        labels = host.rstrip(".").split(".")
        is_public = len(labels) > 1 and labels[-1] not in _OWN_NAMES and not labels[-1].isdigit()
    return "" if is_public else "its host is not a public one"
