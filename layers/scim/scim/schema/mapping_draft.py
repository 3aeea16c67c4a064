"""A draft of a tenant's mapping: looked at before anything is mapped so."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_FINGERPRINT = 12


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """A mapping that is not in force: its document, when it was drafted (RFC 3339 in UTC) and by whom."""

    document: Mapping[str, Any]
    created: str
    author: str

    @property
    def revision(self) -> str:
        """What tells this draft from others: who activates one names what they have looked at."""
        text = json.dumps(self.document, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT]
