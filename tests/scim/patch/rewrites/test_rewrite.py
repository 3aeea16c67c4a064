"""What a rewrite may know."""

from collections.abc import Mapping

from scim.patch.rewrites.rewrite import RewriteContext
from tests.scim.patch.tables import (
    BEFORE,
    GROUP,
    LENIENT,
    USER,
    target_at,
)


def unseen() -> Mapping[str, object]:
    raise AssertionError("nobody asked for the body")


def test_relations_are_distinguished_from_other_attributes() -> None:
    context = RewriteContext(GROUP, LENIENT, "self", unseen)
    members, name = (target_at(GROUP, each, LENIENT) for each in ("members", "displayName"))
    assert context.is_relation(members)
    assert not context.is_relation(name)


def test_the_values_held_are_looked_up_when_asked_for() -> None:
    context = RewriteContext(USER, LENIENT, "self", lambda: BEFORE["User"])
    emails, ims = (target_at(USER, each, LENIENT) for each in ("emails", "ims"))
    assert context.values_of(emails) == BEFORE["User"]["emails"]
    assert context.values_of(ims) == []
