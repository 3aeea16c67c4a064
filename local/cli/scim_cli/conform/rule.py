"""What a specification asks for, and how it is seen whether a server does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scim_cli.conform.probe import Probe

Check = Callable[[Probe], None]


class Level(StrEnum):
    """How much is asked for (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class Profile(StrEnum):
    """Which rules are asked for; each has those before it in PARTS."""

    RFC = "rfc"
    INTEROP = "interop"
    IPSIE_AL1 = "ipsie-al1"
    IPSIE_AL2 = "ipsie-al2"


PARTS: Final[Mapping[Profile, tuple[Profile, ...]]] = {
    Profile.RFC: (Profile.RFC,),
    Profile.INTEROP: (Profile.INTEROP,),
    Profile.IPSIE_AL1: (Profile.INTEROP, Profile.IPSIE_AL1),
    Profile.IPSIE_AL2: (Profile.INTEROP, Profile.IPSIE_AL1, Profile.IPSIE_AL2),
}


SOURCES: Final[Mapping[Profile, str]] = {
    Profile.RFC: (
        "RFC 7643, RFC 7644 (September 2015);"
        " RFC 9967 (May 2026) from its last draft, draft-ietf-scim-events-16"
    ),
    Profile.INTEROP: (
        "draft-zollner-scim-interop-profile-01 (15 April 2026), complete;"
        " only the first page of -02 (2 November 2026) was available"
    ),
    Profile.IPSIE_AL1: "IPSIE AL SCIM 2.0 Profile, draft 00 (8 September 2026), complete",
    Profile.IPSIE_AL2: "IPSIE AL SCIM 2.0 Profile, draft 00 (8 September 2026), complete",
}
"""The texts that the rules and their section numbers are from."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand: of which profile and section, in words of our own.

    `check` is None where a client cannot see it from outside; `unseen` says why then. `writes` tells that made-up
    resources are needed.
    """

    profile: Profile
    section: str
    level: Level
    text: str
    check: Check | None = None
    writes: bool = False
    unseen: str = ""


class Rules:
    """The rules of one part, in the order in which they are written down."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.all: list[Rule] = []

    def must(self, section: str, text: str) -> Callable[[Check], Check]:
        """Note what is read only and has to be."""
        return self._noted(section, Level.MUST, text, writes=False)

    def should(self, section: str, text: str) -> Callable[[Check], Check]:
        """Note what is read only and should be."""
        return self._noted(section, Level.SHOULD, text, writes=False)

    def must_write(self, section: str, text: str) -> Callable[[Check], Check]:
        """Note what has to be, and is seen by writing."""
        return self._noted(section, Level.MUST, text, writes=True)

    def should_write(self, section: str, text: str) -> Callable[[Check], Check]:
        """Note what should be, and is seen by writing."""
        return self._noted(section, Level.SHOULD, text, writes=True)

    def unseen(self, section: str, level: Level, text: str, why: str) -> None:
        """Note what no client can see."""
        self.all.append(Rule(self.profile, section, level, text, unseen=why))

    def _noted(
        self, section: str, level: Level, text: str, *, writes: bool
    ) -> Callable[[Check], Check]:
        def note(check: Check) -> Check:
            self.all.append(Rule(self.profile, section, level, text, check, writes))
            return check

        return note
