"""The results of the rules of `scim conform` for each profile; `make conform` records them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

INTEROP: Final = "interop"
LEVELS: Final = ("ipsie-al2", "ipsie-al1")
"""The levels, highest first."""


@dataclass(frozen=True, slots=True)
class Conformance:
    """The results for one profile: `interop` is None if those rules were not tested.

    `ipsie_level` is `AL1`, `AL2` or None; `release` is the tested version.
    """

    release: str
    interop: bool | None = None
    ipsie_level: str | None = None


@cache
def conformance_of(profile: str) -> Conformance | None:
    """Return the results for a profile, None if exactly this name, with its options, was not tested."""
    results = _recorded()
    runs = results["profiles"].get(profile, {}).get("runs")
    if runs is None:
        return None
    is_conformant = {rules: run["conformant"] for rules, run in runs.items()}
    level = next((level for level in LEVELS if is_conformant.get(level)), None)
    return Conformance(
        results["release"], is_conformant.get(INTEROP), level and level.rpartition("-")[2].upper()
    )


@cache
def _recorded() -> Mapping[str, Any]:
    place = files("scim") / "definitions" / "conformance.json"
    recorded: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return recorded
