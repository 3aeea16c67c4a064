"""What a run found of the profiles is read from one file."""

import pytest

from scim.profile import conformance
from scim.profile.conformance import Conformance, conformance_of

RECORD = {
    "release": "7.1",
    "profiles": {
        "strict": {"runs": {"interop": {"conformant": True}}},
        "first": {
            "runs": {
                "interop": {"conformant": True},
                "ipsie-al1": {"conformant": True},
                "ipsie-al2": {"conformant": False},
            }
        },
        "both": {"runs": {name: {"conformant": True} for name in ("ipsie-al1", "ipsie-al2")}},
        "neither": {"runs": {"interop": {"conformant": False}}},
        "plain": {"runs": {"rfc": {"conformant": True}}},
    },
}


@pytest.mark.parametrize(
    ("profile", "found"),
    [
        ("strict", Conformance("7.1", True)),
        ("first", Conformance("7.1", True, "AL1")),
        ("both", Conformance("7.1", None, "AL2")),
        ("neither", Conformance("7.1", False)),
        ("plain", Conformance("7.1")),
        ("strict+groupMembers", None),
        ("unknown", None),
    ],
)
def test_the_highest_kept_level_is_that_of_the_tried_rules(
    monkeypatch: pytest.MonkeyPatch, profile: str, found: Conformance | None
) -> None:
    monkeypatch.setattr(conformance, "_recorded", lambda: RECORD)
    conformance_of.cache_clear()
    try:
        assert conformance_of(profile) == found
    finally:
        conformance_of.cache_clear()
