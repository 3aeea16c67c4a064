"""The requirements of specifications, and the checks that test them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scim_cli.conform.probe import Probe

Check = Callable[[Probe], None]


class Level(StrEnum):
    """The level of a requirement (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class Profile(StrEnum):
    """A specification to test a server against; PARTS has the sets of rules that each includes."""

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
    """One requirement of a section, in words of our own, and the profile that has it.

    `check` is None if a client cannot test it; `unseen` then says why. `writes` means that the check creates
    test resources.
    """

    profile: Profile
    section: str
    level: Level
    text: str
    check: Check | None = None
    writes: bool = False
    unseen: str = ""


class Rules:
    """The rules of one part, in their order in the source."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.all: list[Rule] = []

    def must(self, section: str, text: str) -> Callable[[Check], Check]:
        """Add a MUST that reads can test."""
        return self._noted(section, Level.MUST, text, writes=False)

    def should(self, section: str, text: str) -> Callable[[Check], Check]:
        """Add a SHOULD that reads can test."""
        return self._noted(section, Level.SHOULD, text, writes=False)

    def must_write(self, section: str, text: str) -> Callable[[Check], Check]:
        """Add a MUST that only writes can test."""
        return self._noted(section, Level.MUST, text, writes=True)

    def should_write(self, section: str, text: str) -> Callable[[Check], Check]:
        """Add a SHOULD that only writes can test."""
        return self._noted(section, Level.SHOULD, text, writes=True)

    def unseen(self, section: str, level: Level, text: str, reason: str) -> None:
        """Add a rule that no client can test."""
        self.all.append(Rule(self.profile, section, level, text, unseen=reason))

    def _noted(
        self, section: str, level: Level, text: str, *, writes: bool
    ) -> Callable[[Check], Check]:
        def note(check: Check) -> Check:
            self.all.append(Rule(self.profile, section, level, text, check, writes))
            return check

        return note
