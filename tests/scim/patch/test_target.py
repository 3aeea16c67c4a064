"""What paths point at."""

import pytest

from scim.errors import InvalidPath
from scim.patch.target import extension_of
from scim.profile import Tolerance
from tests.scim.patch.tables import ENTERPRISE, GROUP, LENIENT, STRICT, USER, target_at


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("USERNAME", "userName"),
        ("urn:ietf:params:scim:schemas:core:2.0:User:name.GivenName", "name.givenName"),
        ('EMAILS[Type eq "work"].VALUE', 'emails[Type eq "work"].value'),
        (f"{ENTERPRISE}:manager.value", f"{ENTERPRISE}:manager.value"),
        ("urn:scim:schemas:extension:enterprise:1.0:manager", f"{ENTERPRISE}:manager"),
    ],
)
def test_a_path_is_written_as_the_schema_spells_it(path: str, written: str) -> None:
    target = target_at(USER, path, STRICT)
    assert str(target) == written
    assert target_at(USER, written, STRICT).ref == target.ref


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("emial", "User has no attribute 'emial'; did you mean 'emails'?"),
        ("familyName", "User has no attribute 'familyName'; did you mean 'name.familyName'?"),
        ("familyName.x", "User has no attribute 'familyName.x'; did you mean 'displayName'?"),
        ("title.x", "'title' has no sub-attributes."),
        ("emails.valu", "'emails' has no sub-attribute 'valu'; did you mean 'value'?"),
        (
            f"{ENTERPRISE}:departmnt",
            f"User has no attribute '{ENTERPRISE}:departmnt'; did you mean 'department'?",
        ),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2:User:department",
            f"User has no schema '{ENTERPRISE.replace('2.0', '2')}'; did you mean '{ENTERPRISE}'?",
        ),
        ('title[value eq "x"]', "'title' has one value, so no filter selects it."),
    ],
)
def test_an_unknown_path_is_refused_with_a_suggestion(path: str, detail: str) -> None:
    with pytest.raises(InvalidPath) as refusal:
        target_at(USER, path, STRICT)
    assert refusal.value.detail == detail


@pytest.mark.parametrize(
    "path",
    [
        'emails.value[type eq "work"]',
        'emails.colour[type eq "work"].value',
        f'{ENTERPRISE}:manager.value[value eq "x"]',
    ],
)
def test_a_filter_on_a_part_is_refused(path: str) -> None:
    with pytest.raises(InvalidPath, match="a filter follows an attribute, not a part of one"):
        target_at(USER, path, LENIENT)


def test_a_refusal_does_not_repeat_a_filter() -> None:
    with pytest.raises(InvalidPath) as refusal:
        target_at(USER, 'emial[value eq "bjensen@example.com"]', LENIENT)
    assert "bjensen" not in refusal.value.detail


def test_a_refusal_does_not_repeat_a_long_name() -> None:
    with pytest.raises(InvalidPath) as refusal:
        target_at(USER, "x" * 4000, LENIENT)
    assert len(refusal.value.detail) < 200


def test_a_short_name_takes_a_tolerance() -> None:
    target = target_at(USER, "manager.value", LENIENT)
    assert str(target) == f"{ENTERPRISE}:manager.value"
    assert target.tolerated == {Tolerance.SHORT_EXTENSION_NAME}


def test_the_urn_of_an_extension_is_a_path_of_its_own() -> None:
    found = extension_of(USER, ENTERPRISE.upper())
    assert found is not None
    assert found.schema.id == ENTERPRISE
    assert extension_of(USER, "urn:ietf:params:scim:schemas:core:2.0:User") is None
    assert extension_of(GROUP, ENTERPRISE) is None
