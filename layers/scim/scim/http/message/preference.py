"""What a client prefers: the header Prefer (RFC 7240)."""

import re
from collections.abc import Mapping
from typing import Any

from scim.http.message.request import Request

DRY_RUN = "dry-run"
APPLIED = "Preference-Applied"


def prefers(request: Request, preference: str) -> bool:
    """Tell whether Prefer names the preference; it may say more (RFC 7240 section 2)."""
    return is_preferred(request.headers, preference)


def is_preferred(headers: Mapping[str, Any], preference: str) -> bool:
    """Tell the same of headers as they came, whose names have any case."""
    sent = next((str(value) for name, value in headers.items() if name.lower() == "prefer"), "")
    preferences = re.split(r"[,;]", sent)
    return preference in (each.partition("=")[0].strip().lower() for each in preferences)
