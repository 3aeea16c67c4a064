"""What a client prefers: the header Prefer (RFC 7240)."""

import re

from scim.http.message.request import Request

DRY_RUN = "dry-run"
APPLIED = "Preference-Applied"


def prefers(request: Request, preference: str) -> bool:
    """Tell whether Prefer names the preference; it may say more (RFC 7240 section 2)."""
    preferences = re.split(r"[,;]", request.headers.get("prefer", ""))
    return preference in (each.partition("=")[0].strip().lower() for each in preferences)
