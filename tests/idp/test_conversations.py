"""The recorded conversations of identity providers, replayed through the whole service.

Each `*.jsonl` beside this file is one client's conversation, a request a line: what it sends,
which statuses it accepts, what it reads out of the answer (`check`, `hcheck`) and what it
remembers for later requests (`save`).
"""

from pathlib import Path

import pytest

from local.gateway import Gateway
from local.seed import TOKEN, token_of
from tests.idp.replay import replayed

HERE = Path(__file__).parent
MOUNT = "/scim/v2"


@pytest.mark.parametrize("conversation", sorted(HERE.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_request_of_the_conversation_is_answered_as_the_client_expects(
    conversation: Path, gateway: Gateway
) -> None:
    assert list(replayed(gateway, conversation, MOUNT, TOKEN)) == []


@pytest.mark.parametrize(
    ("profile", "conversation"),
    [
        ("entra", "entra"),
        ("entra", "entra_aadOptscim062020"),
        ("okta", "okta"),
        ("okta", "okta_entitlements"),
    ],
)
@pytest.mark.sampled(2)
def test_a_clients_own_profile_answers_it_too(
    profile: str, conversation: str, gateway: Gateway
) -> None:
    path, mount = HERE / f"{conversation}.jsonl", f"/{profile}{MOUNT}"
    assert list(replayed(gateway, path, mount, token_of(profile))) == []
