"""What the command line and `make run` both know is the same."""

import pytest

from local import intrinsics, seed
from scim_cli import run_here


def test_both_know_the_same_token_and_region() -> None:
    assert run_here.TOKEN == seed.TOKEN
    assert run_here.REGION == intrinsics.REGION


@pytest.mark.parametrize(
    ("port", "address"),
    [("", "127.0.0.1:8080"), ("9090", "127.0.0.1:9090")],
    ids=["default", "set"],
)
def test_the_address_is_the_one_port_says(
    port: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", port)
    assert run_here.address() == address
