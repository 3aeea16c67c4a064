"""`python -m local.tools.profile_schema`: writes the JSON Schema of profiles, from the code that reads them."""

import json
from pathlib import Path
from typing import Any

from scim.profile import Tolerance
from scim.profile.documents import reader

PLACE = (
    Path(__file__).resolve().parents[2]
    / "layers/scim/scim/definitions/profiles/schema/profile.schema.json"
)
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def profile_schema() -> dict[str, Any]:
    """Return the schema of a profile's document; every member is optional."""
    schema = reader().json_schema(by_alias=True)
    properties = dict(schema["properties"])
    del properties["name"]
    switches = {name: {"type": "boolean"} for name in ("*", *Tolerance)}
    properties |= {
        "$schema": {"type": "string"},
        "extends": {"type": "string", "description": "The profile this one begins with."},
        "tolerances": {
            "type": "object",
            "description": "Which dialects are understood, by name; `*` for those not named.",
            "properties": switches,
            "additionalProperties": False,
        },
    }
    return {
        "$schema": _DRAFT,
        "title": "Profile",
        "description": "What the clients of a tenant may rely on (docs/profiles.md).",
        "type": "object",
        "properties": dict(sorted(properties.items())),
        "additionalProperties": False,
        "$defs": {name: part for name, part in schema["$defs"].items() if name != "Tolerance"},
    }


def text() -> str:
    """Return the document in its committed form."""
    return json.dumps(profile_schema(), indent=2) + "\n"


if __name__ == "__main__":
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(text(), "utf-8")
