"""A draft of a tenant's mapping, to be reviewed before it takes effect."""

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
        """A hash of the draft: whoever activates it names the revision that they reviewed."""
        text = json.dumps(self.document, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT]
