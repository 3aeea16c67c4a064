"""Random PATCH requests, here and by scim2-models: the results agree, or the difference is judged."""

import json
import random
from collections.abc import Sequence

import pytest
from pydantic import ValidationError
from scim2_models import PatchOp, SCIMException, User

from scim.errors import NoTarget, ScimError
from tests.sampled import sampled
from tests.scim.patch.generated import PATCH, Body, operation_of, ours, user_of

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SEEDS = 100
"""Of one test."""


def theirs(body: Body, operations: Sequence[Body]) -> Body | None:
    """Return what scim2-models makes of it, None for a refusal."""
    user = User.model_validate({"schemas": [USER], "id": "1", **body})
    try:
        sent = PatchOp[User].model_validate({"schemas": [PATCH], "Operations": operations})
        sent.patch(user)
    except (SCIMException, ValidationError):
        return None
    shown = json.loads(user.model_dump_json(exclude={"schemas", "id", "meta"}))
    return {name: value for name, value in shown.items() if value not in (None, [], {})}


def once(body: Body | None) -> Body | None:
    """Return a user each of whose addresses is there once (RFC 7643 section 2.4)."""
    if body is None or "emails" not in body:
        return body
    return {
        **body,
        "emails": [e for n, e in enumerate(body["emails"]) if e not in body["emails"][:n]],
    }


def is_judged(here: Body | ScimError, there: Body | None, before: Body) -> bool:
    """Tell whether a difference is one of those in docs/comparisons.md."""
    if isinstance(here, NoTarget):
        return there == before
    return not isinstance(here, ScimError) and here == once(there)


@pytest.mark.parametrize("first", sampled(range(0, 4000, SEEDS), every=20))
def test_patch_agrees_with_scim2_models_except_for_judged_differences(first: int) -> None:
    different = []
    for seed in range(first, first + SEEDS):
        dice = random.Random(seed)
        body, operations = user_of(dice), [operation_of(dice)]
        here, there = ours(body, operations), theirs(body, operations)
        both_refuse = isinstance(here, ScimError) and there is None
        if not both_refuse and here != there and not is_judged(here, there, body):
            different.append((body, operations, here, there))
    assert different == []
