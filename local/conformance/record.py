"""The file with the results that the service publishes: definitions/conformance.json."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from local.conformance.trial import PARTS, TRIED
from scim.profile.documents import reader
from scim.profile.shipped import shipped
from scim.schema.loading import catalogue_of
from scim.service.discovery import Discovery
from scim.service.endpoint import Bounds

PLACE: Final = Path(__file__).resolve().parents[2] / "layers/scim/scim/definitions/conformance.json"
LEVELS: Final = ("MUST", "SHOULD")
VERDICTS: Final = ("ok", "fails", "not tried")

Rule = Mapping[str, Any]
"""A rule of a report: its profile, section, level, text and verdict."""


def record_of(reports: Mapping[str, Mapping[str, Any]], date: str) -> dict[str, Any]:
    """Return the summary of the reports of all profiles; the date is that of the run."""
    (release,) = {report["version"] for report in reports.values()}
    found = {name: _found(name, report["rules"]) for name, report in sorted(reports.items())}
    return {"release": release, "date": date, "profiles": found}


def _found(profile: str, rules: Sequence[Rule]) -> dict[str, Any]:
    runs = {
        name: _run([rule for rule in rules if rule["profile"] in parts])
        for name, parts in PARTS[TRIED[profile]].items()
    }
    return {"digest": digest_of_profile(profile), "runs": runs}


def _run(rules: Sequence[Rule]) -> dict[str, Any]:
    musts = [rule for rule in rules if rule["level"] == "MUST"]
    kept = musts and not any(rule["verdict"] == "fails" or rule["undecided"] for rule in musts)
    texts = ((rule["profile"], rule["section"], rule["level"], rule["rule"]) for rule in rules)
    return {"conformant": bool(kept), "rules": digest_of_rules(texts), **counts_of(rules)}


def counts_of(rules: Sequence[Rule]) -> dict[str, dict[str, int]]:
    """Return how many rules of each level had each verdict: `{"MUST": {"ok": 30, …}, …}`."""
    pairs = [(rule["level"], rule["verdict"]) for rule in rules]
    return {
        level: {verdict: pairs.count((level, verdict)) for verdict in VERDICTS} for level in LEVELS
    }


def digest_of_rules(texts: Iterable[tuple[str, str, str, str]]) -> str:
    """Return a digest of the profile, section, level and text of each rule."""
    return _digest([list(map(str, text)) for text in texts])


def digest_of_profile(name: str) -> str:
    """Return a digest of the API of a profile's tenants: its switches, types and their schemas."""
    profile = shipped(name)
    catalogue = catalogue_of(profile)
    served = Discovery.under(profile, catalogue, Bounds())
    switches = json.loads(reader().dump_json(profile, exclude_defaults=True))
    if "tolerances" in switches:
        switches["tolerances"] = sorted(switches["tolerances"])
    types = sorted(catalogue.resource_types, key=lambda type_: type_.name)
    uris = [
        schema.id
        for type_ in types
        for schema in (type_.schema, *(extension.schema for extension in type_.extensions))
    ]
    schemas = [served.schema("", uri) for uri in dict.fromkeys(uris)]
    return _digest([switches, served.resource_types(""), schemas])


def text_of(record: Mapping[str, Any]) -> str:
    """Return the file's text."""
    return json.dumps(record, indent=1) + "\n"


def recorded() -> dict[str, Any]:
    """Return the content of the file, {} if it does not exist."""
    found: dict[str, Any] = json.loads(PLACE.read_text("utf-8")) if PLACE.is_file() else {}
    return found


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
