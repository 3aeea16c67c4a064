"""Profiles are documents that extend each other."""

from pathlib import Path
from typing import Any

import pytest

from scim.profile import Tolerance
from scim.profile.documents import ProfileError, profile_of, shipped_document
from scim.profile.shipped import UnknownProfile, every_mount, names, profile_or_default, shipped
from scim.schema.loading import catalogue_of


def _of(name: str, **documents: dict[str, Any]) -> Any:
    return profile_of(name, documents.__getitem__)


@pytest.mark.parametrize("name", names())
def test_every_shipped_profile_can_be_read_and_served(name: str) -> None:
    profile = shipped(name)
    assert profile.name == name
    assert profile.description
    assert catalogue_of(profile).resource_types


def test_without_a_name_it_is_the_tolerant_default() -> None:
    assert shipped("").tolerances == frozenset(Tolerance)
    assert shipped("rfc").tolerances == frozenset()


@pytest.mark.parametrize("name", ["okta+groupMembers", "+groupMembers"])
def test_an_option_follows_the_name(name: str) -> None:
    profile = shipped(name)
    assert profile.served_types == ("Group", "User", "GroupMember")
    plain = shipped(name.partition("+")[0])
    assert plain.served_types == ("Group", "User")
    assert profile.tolerances == plain.tolerances


@pytest.mark.parametrize("name", ["okta+", "okta+shoes", "nobody+groupMembers"])
def test_an_unknown_option_is_refused(name: str) -> None:
    with pytest.raises(UnknownProfile):
        shipped(name)


def test_a_profile_may_leave_attributes_out() -> None:
    user = catalogue_of(shipped("ipsie")).resource_type("User")
    assert user is not None
    assert user.attribute("password") is None
    assert catalogue_of(shipped("interop-strict")) is not catalogue_of(shipped("ipsie"))


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownProfile, match=r"nobody; there are .*rfc"):
        shipped("nobody")


def test_objects_are_merged_and_all_else_is_replaced() -> None:
    base = {"tolerances": {"*": True}, "resourceTypes": ["User"], "wire": {"listKey": "items"}}
    own = {
        "extends": "base",
        "tolerances": {"stringBoolean": False},
        "resourceTypes": ["Group"],
        "wire": {"hasVersion": False},
    }
    profile = _of("own", base=base, own=own)
    assert profile.tolerances == frozenset(Tolerance) - {Tolerance.STRING_BOOLEAN}
    assert profile.resource_types == ("Group",)
    assert (profile.wire.list_key, profile.wire.has_version) == ("items", False)


def test_a_circle_is_refused() -> None:
    with pytest.raises(ProfileError, match="extends itself"):
        _of("a", a={"extends": "b"}, b={"extends": "a"})


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({"routes": {}}, "routes: there is no such member"),
        ({"wire": {"listKy": "items"}}, "wire.listKy: there is no such member"),
        ({"wire": {"listKey": 3}}, "wire.listKey: expected a string"),
        ({"put": {"mode": "often"}}, "put.mode: expected 'replace' or 'merge'"),
        ({"tolerances": {"noSuch": True}}, "tolerances.noSuch: there is no such member"),
        ({"tolerances": {"nullValues": "no"}}, "tolerances.nullValues: expected true or false"),
        ({"tolerances": ["nullValues"]}, "tolerances: expected an object"),
    ],
)
def test_an_invalid_profile_is_refused_with_place_and_expectation(
    document: dict[str, Any], detail: str
) -> None:
    with pytest.raises(ProfileError) as refusal:
        _of("own", own=document)
    assert str(refusal.value) == f"profiles/own.json: {detail}"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('{"extends" "default"}', "not JSON: Expecting ':' delimiter"),
        ("[]", "not a JSON object"),
        (None, "there is no such document to extend"),
    ],
)
def test_a_base_that_cannot_be_read_is_named(
    text: str | None, detail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim.profile.documents.DEFINITIONS", tmp_path)
    (tmp_path / "profiles").mkdir()
    if text is not None:
        (tmp_path / "profiles" / "base.json").write_text(text, "utf-8")
    own = {"extends": "base"}
    with pytest.raises(ProfileError, match=f"^profiles/base.json: {detail}"):
        profile_of("own", lambda name: own if name == "own" else shipped_document(name))


def test_every_mount_is_one_of_a_profiles() -> None:
    mounts = {mount for name in names() for mount in shipped(name).routing.mounts}
    assert set(every_mount()) == mounts
    assert "/t/{tenant}/scim2" in mounts


def test_a_tenant_whose_profile_was_removed_has_the_default() -> None:
    assert profile_or_default("rfc") is shipped("rfc")
    assert profile_or_default("gone") is profile_or_default("") is shipped("")
