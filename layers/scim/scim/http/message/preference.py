"""The client's preferences: the header Prefer (RFC 7240)."""

import re
from collections.abc import Mapping

from scim.http.message.request import Request

DRY_RUN = "dry-run"
APPLIED = "Preference-Applied"
_QUOTED = re.compile(r'"(?:\\.|[^"])*("?)')
"""A quoted text, or the rest of a header from a quotation mark that is not closed: it matches at every mark."""


def prefers(request: Request, preference: str) -> bool:
    """Return whether Prefer names the preference, possibly among others (RFC 7240 section 2)."""
    return is_preferred(request.headers, preference)


def is_preferred(headers: Mapping[str, str], preference: str) -> bool:
    """Return the same for headers with names in lower case."""
    header = _QUOTED.sub(lambda quoted: "" if quoted[1] else quoted[0], headers.get("prefer", ""))
    preferences = re.split(r"[,;]", header)
    return preference in (text.partition("=")[0].strip().lower() for text in preferences)
