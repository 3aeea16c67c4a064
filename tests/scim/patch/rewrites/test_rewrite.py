"""What a rewrite may know."""

from collections.abc import Mapping

from scim.patch.operation import Op, PatchOperation
from scim.patch.rewrites.rewrite import Setting
from tests.scim.patch.tables import BEFORE, ENTERPRISE, GROUP, LENIENT, USER


def unseen() -> Mapping[str, object]:
    raise AssertionError("nobody asked for the body")


def test_a_path_has_a_target_unless_it_is_an_extension() -> None:
    setting = Setting(USER, LENIENT, "self", unseen)
    target = setting.target(PatchOperation(Op.ADD, "NAME.givenname"))
    assert str(target) == "name.givenName"
    assert setting.target(PatchOperation(Op.ADD, ENTERPRISE)) is None
    assert setting.target(PatchOperation(Op.ADD)) is None


def test_a_key_that_means_nothing_has_no_target() -> None:
    setting = Setting(USER, LENIENT, "self", unseen)
    assert setting.target_named("colour") is None
    assert setting.target_named("emails[") is None
    assert str(setting.target_named("name.givenName")) == "name.givenName"


def test_relations_are_told_from_other_attributes() -> None:
    setting = Setting(GROUP, LENIENT, "self", unseen)
    members, name = setting.target_named("members"), setting.target_named("displayName")
    assert members is not None
    assert name is not None
    assert setting.is_relation(members)
    assert not setting.is_relation(name)


def test_the_values_held_are_looked_up_when_asked_for() -> None:
    setting = Setting(USER, LENIENT, "self", lambda: BEFORE["User"])
    emails, ims = setting.target_named("emails"), setting.target_named("ims")
    assert emails is not None
    assert ims is not None
    assert setting.held(emails) == BEFORE["User"]["emails"]
    assert setting.held(ims) == []
