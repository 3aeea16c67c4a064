"""`python -m local.conformance`: tests every profile and writes the results, or compares them."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local.conformance import page, record
from local.conformance.trial import TRIED, report_of, served


def reports() -> dict[str, dict[str, Any]]:
    """Return the report of `scim conform` for each profile, in order of their names."""
    with served() as trial:
        return {name: report_of(trial, name) for name in sorted(TRIED)}


def stale(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the files that differ from the results; their date is not compared."""
    kept = record.recorded()
    fresh = record.record_of(found, str(kept.get("date")))
    shown = page.PLACE.read_text("utf-8") if page.PLACE.is_file() else ""
    return [
        str(place.name)
        for place, is_fresh in (
            (record.PLACE, kept == fresh),
            (page.PLACE, shown == page.page_of(found, fresh)),
        )
        if not is_fresh
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the files. With `check`, return 1 if they differ from the results, or a MUST is violated."""
    found = reports()
    for name, report in found.items():
        for rule in report["rules"]:
            if rule["verdict"] == "fails":
                print(f"{name}: {rule['level']} {rule['section']}: {rule['rule']} {rule['why']}.")
        for path in report["leftBehind"]:
            print(f"{name}: {path} is left behind.")
    broken = any(report["leftBehind"] or not report["conformant"] for report in found.values())
    if list(arguments) == ["check"]:
        if old := stale(found):
            print(f"{' and '.join(old)} do not say what is found: make conform")
        return 1 if old or broken else 0
    fresh = record.record_of(found, datetime.now(UTC).date().isoformat())
    record.PLACE.write_text(record.text_of(fresh), "utf-8")
    page.PLACE.write_text(page.page_of(found, fresh), "utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
