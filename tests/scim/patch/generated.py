"""Users and PATCH operations on them, made by chance, and what comes of them here."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from scim.errors import ScimError
from scim.patch.apply import applied
from scim.patch.request import request_of
from scim.profile import Profile, Tolerance
from scim.resource.budget import RequestBudget
from scim.schema.loading import shipped_catalogue

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
PROFILE = Profile(tolerances=frozenset(Tolerance) - {Tolerance.REMOVE_BY_VALUE})
"""A profile in which a remove whose filter selects nothing is refused, as others refuse it."""


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
    user = shipped_catalogue().resource_type("User")
    assert user is not None
    try:
        sent = request_of({"schemas": [PATCH], "Operations": operations}, PROFILE)
        return dict(applied(user, body, sent.operations, PROFILE, RequestBudget()).body)
    except ScimError as error:
        return error
