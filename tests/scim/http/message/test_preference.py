"""The header Prefer names preferences, some with values and parameters (RFC 7240 section 2)."""

import pytest

from scim.http.message.preference import prefers
from scim.http.message.request import Request
from scim.principal import Principal


@pytest.mark.parametrize(
    ("header", "is_preferred"),
    [
        ("dry-run", True),
        ("Dry-Run", True),
        ("respond-async, dry-run", True),
        ('dry-run=""; x=1', True),
        ("dry-runs", False),
        ('note="later, dry-run; \\", dry-run"', False),
        ('note="later", dry-run', True),
        ('note="later, dry-run', True),
        ("return=dry-run", False),
        ("", False),
    ],
)
def test_a_preference_is_found_among_others(header: str, is_preferred: bool) -> None:
    request = Request("POST", {}, {"prefer": header}, b"", Principal("acme", "t1"), "")
    assert prefers(request, "dry-run") is is_preferred


@pytest.mark.timeout(10)
def test_a_quotation_that_is_not_closed_is_read_in_linear_time() -> None:
    header = 'note="' + '\\"' * 200_000 + ", dry-run"
    request = Request("POST", {}, {"prefer": header}, b"", Principal("acme", "t1"), "")
    assert prefers(request, "dry-run")
