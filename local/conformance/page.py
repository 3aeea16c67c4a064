"""The page with the results: docs/conformance-report.md."""

from collections.abc import Iterable, Iterator, Mapping
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
    yield "tests. ServiceProviderConfig reports these results. Rules are MUST if nothing else stands before them."
    yield ""
    yield "| rules | source |"
    yield "|---|---|"
    sources = {
        name: text for report in reports.values() for name, text in report["sources"].items()
    }
    for name, title in _TITLES.items():
        yield f"| {title} | {sources[name]} |"
    yield ""
    yield f"| tenant's profile | rules | conformant | {' | '.join(LEVELS)} |"
    yield "|---|---|---|" + "---|" * len(LEVELS)
    for profile, report in reports.items():
        for name, parts in PARTS[TRIED[profile]].items():
            rules = [rule for rule in report["rules"] if rule["profile"] in parts]
            counted = counts_of(rules)
            run = record["profiles"][profile]["runs"][name]
            kept = "yes" if run["conformant"] else "no"
            numbers = " | ".join(map(_numbers, (counted[level] for level in LEVELS)))
            yield f"| `{profile}` | `{name}` | {kept} | {numbers} |"


def _numbers(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict])


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
        yield f"Tested with {', '.join(f'`{profile}`' for profile in shown)}."
        rows = [dict(zip(shown, row, strict=True)) for row in zip(*shown.values(), strict=True)]
        met = [rules for rules in rows if all(rule["verdict"] == "ok" for rule in rules.values())]
        if others := [rules for rules in rows if rules not in met]:
            yield from ("", "Not met, or not tried:", "", "| section | | rule | result |")
            yield "|---|---|---|---|"
            yield from map(_row, others)
        if met:
            yield from ("", "Met:", "")
            yield from _lines(next(iter(rules.values())) for rules in met)


def _lines(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield a line for each section, with its rules."""
    of_section: dict[str, list[str]] = {}
    for rule in rules:
        mark = "" if rule["level"] == "MUST" else f"({rule['level']}) "
        of_section.setdefault(rule["section"], []).append(f"{mark}{rule['rule']}")
    for section, texts in of_section.items():
        yield f"- **{section}**: {' '.join(texts)}"


def _row(rules: Mapping[str, Rule]) -> str:
    first = next(iter(rules.values()))
    results = {profile: _result(rule) for profile, rule in rules.items()}
    differ = len(set(results.values())) > 1
    result = "; ".join(f"`{profile}` {told}" for profile, told in results.items())
    cells = (
        first["section"],
        first["level"],
        first["rule"],
        result if differ else _result(first),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _result(rule: Rule) -> str:
    return f"{rule['verdict']}: {rule['why']}" if rule["why"] else str(rule["verdict"])
