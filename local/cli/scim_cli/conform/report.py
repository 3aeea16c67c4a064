"""The results of a run, for programs and for readers."""

import json
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from scim_cli import __version__
from scim_cli.conform.rule import PARTS, SOURCES, Level, Profile
from scim_cli.conform.run import Result, Verdict, counts_of, is_conformant

_STYLE: Final = (
    "body{font:15px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3rem .6rem;"
    "text-align:left;vertical-align:top}.ok{color:#176b2c}.fails{color:#a3121f;font-weight:bold}"
    ".not{color:#666}pre{white-space:pre-wrap;word-break:break-word;background:#f6f6f6;padding:.5rem}"
)


def json_report(profile: Profile, results: Sequence[Result], leftovers: Sequence[str]) -> str:
    """Return all results as JSON."""
    return json.dumps(
        {
            "profile": profile,
            "version": __version__,
            "sources": {part: SOURCES[part] for part in PARTS[profile]},
            "conformant": is_conformant(results),
            "counts": counts_of(results),
            "leftBehind": list(leftovers),
            "rules": [result.json() for result in results],
        },
        indent=2,
        ensure_ascii=False,
    )


def summary_of(profile: Profile, results: Sequence[Result]) -> dict[str, Any]:
    """Return the number of rules for each verdict."""
    counts = {name: number for name, number in counts_of(results).items() if number}
    return {"profile": profile, "conformant": is_conformant(results), **counts}


def lines_of(results: Sequence[Result]) -> list[str]:
    """Return a line for each rule that the server does not follow."""
    return [
        f"{result.rule.level} {result.rule.section}: {result.rule.text} {result.why}."
        for result in results
        if result.verdict is Verdict.FAILS
    ]


def html_report(profile: Profile, results: Sequence[Result], leftovers: Sequence[str]) -> str:
    """Return all results as one page without other files."""
    counts = Counter((result.rule.level, result.verdict) for result in results)
    heads = "".join(f"<th>{escape(verdict)}</th>" for verdict in Verdict)
    numbers = "".join(
        f"<tr><th>{level}</th>"
        + "".join(f"<td>{counts[level, verdict]}</td>" for verdict in Verdict)
        + "</tr>"
        for level in Level
    )
    rows = "".join(_row(result) for result in results)
    sources = "".join(f"<li>{escape(SOURCES[part])}</li>" for part in PARTS[profile])
    left_behind = f"<p>Left behind: {escape(', '.join(leftovers))}</p>" if leftovers else ""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>SCIM: {escape(profile)}</title>'
        f"<style>{_STYLE}</style><h1>SCIM conformance: {escape(profile)}</h1>"
        f"<ul>{sources}</ul><table><tr><th></th>{heads}</tr>{numbers}</table>{left_behind}"
        "<table><tr><th>Section</th><th></th><th>Rule</th><th>Verdict</th></tr>"
        f"{rows}</table></html>\n"
    )


def _row(result: Result) -> str:
    kind = escape(result.verdict.split()[0])
    exchanges = "".join(
        f"<pre>{escape(exchange.method)} {escape(exchange.path)}\n{escape(exchange.sent)}\n"
        f"→ {exchange.status} {escape(json.dumps(dict(exchange.headers)))}\n{escape(exchange.came)}</pre>"
        for exchange in result.exchanges
    )
    details = f"<details><summary>what was sent, what came</summary>{exchanges}</details>"
    return (
        f"<tr><td>{escape(result.rule.section)}</td><td>{result.rule.level}</td>"
        f"<td>{escape(result.rule.text)}{details if exchanges else ''}</td>"
        f'<td class="{kind}">{escape(result.verdict)}<br>{escape(result.why)}</td></tr>'
    )
