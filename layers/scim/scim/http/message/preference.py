"""The client's preferences: the header Prefer (RFC 7240)."""

import re
from collections.abc import Mapping

from scim.http.message.request import Request

DRY_RUN = "dry-run"
APPLIED = "Preference-Applied"
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def prefers(request: Request, preference: str) -> bool:
    """Return whether Prefer names the preference, possibly among others (RFC 7240 section 2)."""
    return is_preferred(request.headers, preference)


def is_preferred(headers: Mapping[str, str], preference: str) -> bool:
    """Return the same for headers with names in lower case."""
    preferences = re.split(r"[,;]", _QUOTED.sub("", headers.get("prefer", "")))
    return preference in (text.partition("=")[0].strip().lower() for text in preferences)
