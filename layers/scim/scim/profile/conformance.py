"""What a run of the rules of `scim conform` found of each profile; `make conform` writes it down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

INTEROP: Final = "interop"
LEVELS: Final = ("ipsie-al2", "ipsie-al1")
"""The highest first."""


@dataclass(frozen=True, slots=True)
class Conformance:
    """What was found of one profile: `interop` is None where those rules were not tried.

    `ipsie_level` is `AL1`, `AL2` or None; `release` is the version that was tried.
    """

    release: str
    interop: bool | None = None
    ipsie_level: str | None = None


@cache
def conformance_of(profile: str) -> Conformance | None:
    """Return what was found of a profile, None where it was not tried as it is named: with options."""
    found = _recorded()
    runs = found["profiles"].get(profile, {}).get("runs")
    if runs is None:
        return None
    kept = {rules: run["conformant"] for rules, run in runs.items()}
    level = next((each for each in LEVELS if kept.get(each)), None)
    return Conformance(
        found["release"], kept.get(INTEROP), level and level.rpartition("-")[2].upper()
    )


@cache
def _recorded() -> Mapping[str, Any]:
    place = files("scim") / "definitions" / "conformance.json"
    recorded: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return recorded
