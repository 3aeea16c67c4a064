"""The record of conformance runs, and whether it belongs to the present rules."""

from typing import Any

import pytest

from local.conformance import record
from local.conformance.page import PLACE, page_of
from local.conformance.trial import PARTS, TRIED
from scim_cli import __version__
from scim_cli.conform.command import RULES


def rule(profile: str, verdict: str = "ok", level: str = "MUST", **told: Any) -> dict[str, Any]:
    row = {"profile": profile, "section": "1", "level": level, "rule": "Text.", "verdict": verdict}
    return {"why": "", "undecided": False, **row, **told}


def report(*rules: dict[str, Any]) -> dict[str, Any]:
    sources = dict.fromkeys(("rfc", "interop", "ipsie-al1", "ipsie-al2"), "a text")
    return {"version": "7.1", "sources": sources, "rules": list(rules)}


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ([rule("rfc")], True),
        ([rule("rfc"), rule("rfc", "fails")], False),
        ([rule("rfc"), rule("rfc", "fails", "SHOULD")], True),
        ([rule("rfc"), rule("rfc", "not tried", why="it is inside")], True),
        ([rule("rfc"), rule("rfc", "not tried", undecided=True)], False),
        ([], False),
    ],
    ids=["kept", "broken", "a SHOULD broken", "unseen", "undecided", "nothing"],
)
def test_conformant_is_where_every_must_is_kept_or_cannot_be_seen(
    rules: list[dict[str, Any]], kept: bool
) -> None:
    written = record.record_of({"rfc": report(*rules)}, "2026-11-29")
    assert (written["release"], written["date"]) == ("7.1", "2026-11-29")
    assert written["profiles"]["rfc"]["runs"]["rfc"]["conformant"] is kept


def test_a_level_has_the_rules_of_those_below() -> None:
    rules = [rule("interop"), rule("ipsie-al1", "fails"), rule("ipsie-al2")]
    runs = record.record_of({"ipsie": report(*rules)}, "")["profiles"]["ipsie"]["runs"]
    assert {name: run["conformant"] for name, run in runs.items()} == {
        "interop": True,
        "ipsie-al1": False,
        "ipsie-al2": False,
    }
    assert runs["ipsie-al2"]["MUST"] == {"ok": 2, "fails": 1, "not tried": 0}


def test_the_page_has_a_row_for_each_rule_and_says_what_came() -> None:
    odd = rule("rfc", "fails", rule="A | B.", why="it came")
    reports = {"default": report(odd), "rfc": report(rule("rfc", rule="A | B."))}
    page = page_of(reports, record.record_of(reports, ""))
    assert "| 1 | MUST | A \\| B. | `default` fails: it came; `rfc` ok |" in page.splitlines()
    assert "| `default` | `rfc` | no | 1 fails |  |" in page.splitlines()


def test_rules_that_all_profiles_meet_are_listed_by_section() -> None:
    texts = (("1", "MUST", "A."), ("2", "MUST", "B."), ("1", "SHOULD", "C."))
    rules = [rule("rfc", section=s, level=level, rule=text) for s, level, text in texts]
    untried = rule("rfc", "not tried", rule="D.", why="it is inside")
    reports = {name: report(*rules, untried) for name in ("default", "rfc")}
    lines = page_of(reports, record.record_of(reports, "")).splitlines()
    assert [line for line in lines if line.startswith(("- ", "| 1 "))] == [
        "| 1 | MUST | D. | not tried: it is inside |",
        "- **1**: A. (SHOULD) C.",
        "- **2**: B.",
    ]


@pytest.mark.parametrize("profile", TRIED)
def test_the_record_belongs_to_the_present_rules_and_profiles(profile: str) -> None:
    told = record.recorded()
    found = told["profiles"][profile]
    recorded, present = found["digest"], record.digest_of_profile(profile)
    assert (told["release"], recorded) == (__version__, present), "run: make conform"
    for run, parts in PARTS[TRIED[profile]].items():
        rules = [each for each in RULES if each.profile in parts]
        texts = ((each.profile, each.section, each.level, each.text) for each in rules)
        assert found["runs"][run]["rules"] == record.digest_of_rules(texts)
    assert f"| `{profile}` |" in PLACE.read_text("utf-8")


def test_a_digest_is_of_a_profile_alone() -> None:
    digests = {record.digest_of_profile(name) for name in TRIED}
    assert len(digests) == len(TRIED)
