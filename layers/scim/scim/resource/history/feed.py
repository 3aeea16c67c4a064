"""A tenant's settings of the change feed."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self
from urllib.parse import urlsplit

_OWN_NAMES: Final = ("localhost", "internal", "local", "arpa", "home", "lan")
"""Last labels of host names that are valid only in a private network."""

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""The prefix for IPv4 addresses in a network without IPv4 (RFC 6052)."""
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")

COMPARED_DAYS: Final = 3
"""The fewest days back that a log is compared with the directory, however short it is kept.

The comparison runs once a day and ends 25 hours ago; a run may be missed.
"""


@dataclass(frozen=True, slots=True)
class Feed:
    """Whether changes are logged, for how many days, and where events are pushed.

    `is_full` says that events contain the changed content, not only the names of the changed
    attributes. `audience` is the `aud` of events, empty for the deployment's own. `push_url` is empty if
    nothing is pushed; `push_secret` is the name of the secret sent as the Authorization header, empty
    for none; `push_events` are the events to push, such as `prov:deactivate`, empty for all.
    """

    is_on: bool = True
    days: int = 30
    is_full: bool = True
    audience: str = ""
    push_url: str = ""
    push_secret: str = ""
    push_events: tuple[str, ...] = ()

    @property
    def compared_days(self) -> int:
        """Return how many days back the log is compared with the directory."""
        return max(self.days - 1, COMPARED_DAYS)

    def with_settings(self, settings: Mapping[str, Any]) -> Self:
        """Return the feed with a tenant's stored settings; ignores settings of later versions."""
        known = {name: settings[name] for name in setting_names() if name in settings}
        if "push_events" in known:
            known["push_events"] = tuple(known["push_events"])
        return replace(self, **known)

    def pushes(self, events: Iterable[str]) -> bool:
        """Return whether one of the events, such as `prov:patch:full`, is to be pushed.

        `prov:patch` in the settings selects both its notices and its events with content.
        """
        if not (self.is_on and self.push_url):
            return False
        return not self.push_events or any(
            event == event_name or event.startswith(f"{event_name}:")
            for event in events
            for event_name in self.push_events
        )


def setting_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Feed))


def is_public_address(text: str) -> bool:
    """Return whether an IP address is public on the internet, and so is the IPv4 address in it, if any.

    Raises ValueError when the text is not an IP address.
    """
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public_address(str(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)))
        return address in _UNICAST and address.sixtofour is None and address.is_global
    return address.is_global and not address.is_multicast


def unfit_receiver(url: str) -> str:
    """Return why events cannot be pushed to a URL, empty if they can.

    A host name is resolved only when events are sent; its address must be public too.
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
