"""Tests one server against all rules of a profile, one after the other."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import httpx2

from scim_cli.conform.answer import Exchange, Fault, NotTried, Undecided
from scim_cli.conform.probe import Probe
from scim_cli.conform.rule import PARTS, Level, Profile, Rule

_ODD = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What a rule meets in an answer that has not the form of a SCIM one."""


class Verdict(StrEnum):
    """The result of a rule's check."""

    OK = "ok"
    FAILS = "fails"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Result:
    """A rule, its verdict with the reason, and the requests and responses.

    `is_undecided` means that the rule was not tested, but another run could test it.
    """

    rule: Rule
    verdict: Verdict
    why: str
    exchanges: tuple[Exchange, ...] = ()
    is_undecided: bool = False

    def json(self) -> dict[str, Any]:
        return {
            "profile": self.rule.profile,
            "section": self.rule.section,
            "level": self.rule.level,
            "rule": self.rule.text,
            "verdict": self.verdict,
            "why": self.why,
            "undecided": self.is_undecided,
            "exchanges": [asdict(exchange) for exchange in self.exchanges],
        }


def results_of(
    probe: Probe, rules: Sequence[Rule], profile: Profile, *, writes: bool
) -> Iterator[Result]:
    """Yield the result of each rule of a profile; checks that write run only if writes are accepted."""
    for rule in rules:
        if rule.profile in PARTS[profile]:
            result = _result(probe, rule, writes=writes)
            if result.verdict is Verdict.FAILS and rule.level is Level.MUST:
                probe.broken.append(rule.text)
            yield result


def counts_of(results: Sequence[Result]) -> dict[str, int]:
    """Return the number of rules for each level and verdict, such as `MUST ok`."""
    counts = Counter(f"{result.rule.level} {result.verdict}" for result in results)
    return {
        f"{level} {verdict}": counts[f"{level} {verdict}"] for level in Level for verdict in Verdict
    }


def is_conformant(results: Sequence[Result]) -> bool:
    """Tell whether every MUST that applies and can be tested was tested and is followed."""
    musts = [result for result in results if result.rule.level is Level.MUST]
    return bool(musts) and not any(
        result.verdict is Verdict.FAILS or result.is_undecided for result in musts
    )


_NO_WRITES = "needs writes: --i-accept-writes"


def _result(probe: Probe, rule: Rule, *, writes: bool) -> Result:
    if rule.check is None:
        return Result(rule, Verdict.NOT_TRIED, rule.unseen)
    if rule.writes and not writes:
        return Result(rule, Verdict.NOT_TRIED, _NO_WRITES, is_undecided=True)
    probe.exchanges.clear()
    try:
        rule.check(probe)
    except Fault as fault:
        return Result(rule, Verdict.FAILS, str(fault), tuple(probe.exchanges))
    except NotTried as reason:
        undecided = isinstance(reason, Undecided)
        return Result(rule, Verdict.NOT_TRIED, str(reason), tuple(probe.exchanges), undecided)
    except httpx2.HTTPError as error:
        fault_text = f"the server does not answer: {type(error).__name__}"
        return Result(rule, Verdict.FAILS, fault_text, tuple(probe.exchanges))
    except _ODD as error:
        fault_text = f"an answer has another form than SCIM's: {type(error).__name__}"
        return Result(rule, Verdict.FAILS, fault_text, tuple(probe.exchanges))
    return Result(rule, Verdict.OK, "", tuple(probe.exchanges))
