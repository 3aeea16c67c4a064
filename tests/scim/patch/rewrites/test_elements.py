"""Values addressed by listing them, or by a filter that describes them."""

import pytest

from scim.errors import InvalidValue
from scim.patch.operation import Op, PatchOperation
from scim.patch.rewrites.elements import created_by_filter, removed_by_value
from scim.patch.rewrites.rewrite import RewriteContext
from scim.profile import Profile, Tolerance
from tests.scim.patch.tables import BEFORE, GROUP, LENIENT, USER, operation, operation_on

USER_CONTEXT = RewriteContext(USER, LENIENT, "self", lambda: BEFORE["User"])
GROUP_CONTEXT = RewriteContext(GROUP, LENIENT, "self", lambda: BEFORE["Group"])


def remove(path: str, value: object = None) -> PatchOperation:
    return on_user(Op.REMOVE, path, value)


def on_user(op: Op, path: str, value: object, position: int = 0) -> PatchOperation:
    return operation_on(USER, operation(op, path, value, position))


def on_group(op: Op, path: str, value: object = None) -> PatchOperation:
    return operation_on(GROUP, operation(op, path, value))


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        (remove("emails", ["BABS@jensen.org"]), (remove('emails[value eq "BABS@jensen.org"]'),)),
        (
            remove("addresses", [{"type": "home", "streetAddress": "456 Hollywood Blvd"}]),
            (
                remove(
                    'addresses[type eq "home" and streetAddress eq "456 Hollywood Blvd"]',
                ),
            ),
        ),
        (remove("emails", [{"value": "nobody"}, 4, {}, {"colour": "red"}]), ()),
        (
            remove("emails", [{"value": "babs@jensen.org"}] * 2),
            (remove('emails[value eq "babs@jensen.org"]'),),
        ),
        (
            remove("emails", [{"colour": "red"}, "babs@jensen.org"]),
            (remove('emails[value eq "babs@jensen.org"]'),),
        ),
        (remove("emails"), None),
        (remove("emails", {}), None),
        (remove("title", ["x"]), None),
        (remove('emails[type eq "work"]', ["x"]), None),
        (on_user(Op.ADD, "emails", ["x"]), None),
    ],
)
def test_listed_values_are_removed_where_they_are(
    sent: PatchOperation, plain: tuple[PatchOperation, ...] | None
) -> None:
    assert removed_by_value(sent, USER_CONTEXT) == plain


def test_listed_members_are_removed_without_looking() -> None:
    found = removed_by_value(on_group(Op.REMOVE, "members", [{"value": "a"}, "b"]), GROUP_CONTEXT)
    assert found == (on_group(Op.REMOVE, 'members[value eq "a" or value eq "b"]'),)


@pytest.mark.parametrize("listed", [[], "", [None, {}, ""], [{"value": None, "$ref": ""}]])
def test_removing_an_empty_list_does_nothing(listed: object) -> None:
    assert removed_by_value(on_group(Op.REMOVE, "members", listed), GROUP_CONTEXT) == ()


def test_a_number_names_a_member_too() -> None:
    found = removed_by_value(on_group(Op.REMOVE, "members", [7, {"value": 8}]), GROUP_CONTEXT)
    assert found == (on_group(Op.REMOVE, 'members[value eq "7" or value eq "8"]'),)


@pytest.mark.parametrize(
    "listed",
    [
        [{"value": "a"}, {"id": "b"}],
        [{"value": "a"}, {"display": "Ada"}],
        ["a", {"value": ["b", "c"]}],
        ["a", False],
    ],
)
def test_a_listed_member_without_an_id_is_refused(listed: list[object]) -> None:
    with pytest.raises(
        InvalidValue, match=r"members\[1\]\.value: the id of a resource is required"
    ):
        removed_by_value(on_group(Op.REMOVE, "members", listed), GROUP_CONTEXT)


def test_many_listed_members_are_removed_some_at_a_time() -> None:
    found = removed_by_value(
        on_group(Op.REMOVE, "members", [f"u{i}" for i in range(256)]), GROUP_CONTEXT
    )
    assert found is not None
    assert len(found) == 16
    assert sum(str(each.path).count(" eq ") for each in found) == 256


@pytest.mark.parametrize(
    ("path", "added"),
    [
        ('emails[type eq "other"].value', {"type": "other", "value": "x"}),
        ('EMAILS[TYPE eq "Other"].VALUE', {"type": "other", "value": "x"}),
        ("roles[primary eq true].value", {"primary": True, "value": "x"}),
        ('roles[primary eq "True"].value', {"primary": True, "value": "x"}),
    ],
)
def test_a_filter_that_describes_a_value_creates_it(path: str, added: dict[str, object]) -> None:
    attribute = path.partition("[")[0].lower()
    found = created_by_filter(on_user(Op.REPLACE, path, "x", 5), USER_CONTEXT)
    assert found == (on_user(Op.ADD, attribute, [added], 5),)


@pytest.mark.parametrize(
    ("path", "sent", "added"),
    [
        ('emails[type eq "fax"].value', "x", {"type": "fax", "value": "x"}),
        ('roles[type eq "work"].value', "x", {"type": "work", "value": "x"}),
        ("photos[primary eq false].value", "x", {"primary": False, "value": "x"}),
        (
            'emails[type eq "Other" and primary eq "True"].value',
            "x",
            {"type": "other", "primary": True, "value": "x"},
        ),
        ('emails[type eq "other"]', {"value": "x"}, {"type": "other", "value": "x"}),
        ('emails[type eq "other"]', [{"value": "x"}], {"type": "other", "value": "x"}),
        ('emails[type eq "o"]', {"Type": "p", "value": "x"}, {"Type": "p", "value": "x"}),
    ],
)
def test_an_add_accepts_more_filters_as_descriptions_of_a_value(
    path: str, sent: object, added: dict[str, object]
) -> None:
    found = created_by_filter(on_user(Op.ADD, path, sent, 5), USER_CONTEXT)
    assert found == (on_user(Op.ADD, path.partition("[")[0], [added], 5),)
    assert created_by_filter(on_user(Op.REPLACE, path, sent), USER_CONTEXT) is None


@pytest.mark.parametrize(
    "path",
    [
        'emails[type eq "work"].value',
        'emails[type ne "other"].value',
        'emails[type eq "other"]',
        'emails[type eq "other" or primary eq true].value',
        'emails[type eq "fax" and type eq "other"].value',
        'emails[type eq "fax" and value eq "x"].display',
        "emails[type eq null].value",
        'emails[primary eq "maybe"].value',
        'emails[display eq "other"].value',
        "emails.value",
        "name.givenName",
        'groups[type eq "direct"].value',
    ],
)
def test_any_other_filter_creates_nothing(path: str) -> None:
    assert created_by_filter(on_user(Op.ADD, path, "x"), USER_CONTEXT) is None


def test_a_string_for_true_describes_a_value_only_where_tolerated() -> None:
    profile = Profile(tolerances=frozenset(Tolerance) - {Tolerance.STRING_BOOLEAN})
    context = RewriteContext(USER, profile, "self", lambda: BEFORE["User"])
    sent = on_user(Op.ADD, 'roles[primary eq "True"].value', "x")
    assert created_by_filter(sent, context) is None


def test_a_remove_with_a_filter_is_left_to_the_engine() -> None:
    for path in ('emails[type eq "other"].value', 'emails[type eq "work"]', 'groups[value eq "g"]'):
        assert removed_by_value(remove(path), USER_CONTEXT) is None
        assert created_by_filter(remove(path), USER_CONTEXT) is None


def test_no_member_is_created() -> None:
    sent = on_group(Op.ADD, 'members[type eq "User"].value', "u1")
    assert created_by_filter(sent, GROUP_CONTEXT) is None
