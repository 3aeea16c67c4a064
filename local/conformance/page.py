"""The page with the results: docs/conformance-report.md."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from local.conformance.record import LEVELS, VERDICTS, Rule, counts_of
from local.conformance.trial import PARTS, TRIED

PLACE: Final = Path(__file__).resolve().parents[2] / "docs/conformance-report.md"
_TITLES: Final = {
    "rfc": "RFC 7643, RFC 7644, RFC 9967",
    "interop": "SCIM 2.0 Interoperability Profile",
    "ipsie-al1": "IPSIE, all levels and AL1",
    "ipsie-al2": "IPSIE, AL2",
}


def page_of(reports: Mapping[str, Mapping[str, Any]], record: Mapping[str, Any]) -> str:
    """Return the page for the reports of all profiles and their record."""
    return "\n".join([*_head(reports, record), *_rules(reports)]) + "\n"


def _head(reports: Mapping[str, Mapping[str, Any]], record: Mapping[str, Any]) -> Iterator[str]:
    yield "# Conformance report"
    yield ""
    yield f"`make conform` wrote this page for release {record['release']}; do not edit it. [Conformance](conformance.md) describes the"
    yield "tests. ServiceProviderConfig reports these results."
    yield ""
    yield "| rules | source |"
    yield "|---|---|"
    sources = {
        name: text for report in reports.values() for name, text in report["sources"].items()
    }
    for name, title in _TITLES.items():
        yield f"| {title} | {sources[name]} |"
    yield ""
    numbers = [f"{level} {verdict}" for level in LEVELS for verdict in VERDICTS]
    yield f"| tenant's profile | rules | conformant | {' | '.join(numbers)} |"
    yield "|---|---|---|" + "---|" * len(numbers)
    for profile, report in reports.items():
        for name, parts in PARTS[TRIED[profile]].items():
            rules = [rule for rule in report["rules"] if rule["profile"] in parts]
            counted = counts_of(rules)
            run = record["profiles"][profile]["runs"][name]
            numbers = [str(counted[level][verdict]) for level in LEVELS for verdict in VERDICTS]
            kept = "yes" if run["conformant"] else "no"
            yield f"| `{profile}` | `{name}` | {kept} | {' | '.join(numbers)} |"


def _rules(reports: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, title in _TITLES.items():
        columns = {
            profile: [rule for rule in report["rules"] if rule["profile"] == name]
            for profile, report in reports.items()
        }
        shown = {profile: rules for profile, rules in columns.items() if rules}
        yield ""
        yield f"## {title}"
        yield ""
        yield f"| section | | rule | {' | '.join(f'`{profile}`' for profile in shown)} | reason |"
        yield "|---|---|---|---|" + "---|" * len(shown)
        for row in zip(*shown.values(), strict=True):
            yield _row(row)


def _row(row: Sequence[Rule]) -> str:
    first = row[0]
    verdicts = (rule["verdict"] for rule in row)
    why = "; ".join(dict.fromkeys(rule["why"] for rule in row if rule["why"]))
    cells = (first["section"], first["level"], first["rule"], *verdicts, why)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
