"""Compact JSON text: what is stored is the very text that is answered, so both are written in one way."""

import json
from typing import Final

json_text: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=dict).encode
"""Returns a JSON value as text without spaces; a Mapping that is no dict is an object, too."""
