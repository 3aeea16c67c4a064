"""PATCH by chance, here and by scim2-models: the same comes of it, or the difference has been judged."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pydantic import ValidationError
from scim2_models import PatchOp, SCIMException, User

from scim.errors import NoTarget, ScimError
from scim.patch.apply import applied
from scim.patch.operation import request_of
from scim.profile import Profile
from scim.schema.loading import shipped_catalogue
from tests.sampled import sampled

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WORDS = ("a", "B", "work", "x@example.org")
EMAILS = [
    (f"{name}@example.org", kind) for name, kind in zip("abcd", ("work", "home") * 2, strict=True)
]
PATHS = (
    None,
    "title",
    "nickName",
    "name",
    "name.givenName",
    "emails",
    "emails.type",
    'emails[type eq "work"]',
    'emails[type eq "work"].value',
    'emails[value eq "a@example.org"].type',
    'emails[type eq "none"].value',
    'emails[type eq "work" and value sw "a"].display',
)
Body = Mapping[str, Any]
SEEDS = 100
"""Of one test."""


def user_of(dice: random.Random) -> dict[str, Any]:
    """Return a user with some attributes."""
    body: dict[str, Any] = {"userName": "ann"}
    if dice.random() < 0.5:
        body["title"] = dice.choice(WORDS)
    if dice.random() < 0.5:
        body["name"] = {"givenName": dice.choice(WORDS)}
    if dice.random() < 0.7:
        some = dice.sample(EMAILS, dice.randrange(1, 4))
        body["emails"] = [{"value": value, "type": kind} for value, kind in some]
    return body


def operation_of(dice: random.Random) -> dict[str, Any]:
    """Return an operation on one of the paths."""
    verb, path, word = (
        dice.choice(("add", "replace", "remove")),
        dice.choice(PATHS),
        dice.choice(WORDS),
    )
    value, kind = dice.choice(EMAILS)
    email = {"value": value, "type": kind}
    given: Any = word
    match path:
        case None:
            given = {dice.choice(("title", "nickName")): word}
        case "emails":
            given = [email]
        case "name":
            given = {dice.choice(("givenName", "familyName")): word}
        case _ if path.endswith("]"):
            given = email
        case _ if path.endswith(".value"):
            given = value
    operation = {"op": verb, **({"path": path} if path else {})}
    return operation if verb == "remove" else {**operation, "value": given}


def ours(body: Body, operations: Sequence[Body]) -> Body | ScimError:
    """Return what comes of it here."""
    user, profile = shipped_catalogue().resource_type("User"), Profile()
    assert user is not None
    try:
        sent = request_of({"schemas": [PATCH], "Operations": operations}, profile)
        return dict(applied(user, body, sent.operations, profile).body)
    except ScimError as error:
        return error


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
    """Tell whether a difference is one of those in docs/reliability.md."""
    if isinstance(here, NoTarget):
        return there == before
    return not isinstance(here, ScimError) and here == once(there)


@pytest.mark.parametrize("first", sampled(range(0, 4000, SEEDS), every=20))
def test_patch_agrees_with_scim2_models_but_for_what_was_judged(first: int) -> None:
    different = []
    for seed in range(first, first + SEEDS):
        dice = random.Random(seed)
        body, operations = user_of(dice), [operation_of(dice)]
        here, there = ours(body, operations), theirs(body, operations)
        both_refuse = isinstance(here, ScimError) and there is None
        if not both_refuse and here != there and not is_judged(here, there, body):
            different.append((body, operations, here, there))
    assert different == []
