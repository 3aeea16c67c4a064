"""Rules of RFC 7644 section 3.5.2 about PATCH."""

from typing import Any

from scim_cli.conform.answer import (
    PATCH_OP,
    NotTried,
    expect,
    expect_error,
    expect_refusal,
    expect_status,
)
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rule import Profile, Rules

PATCHING = Rules(Profile.RFC)
_ADD, _REMOVE, _REPLACE = (f"RFC 7644 section 3.5.2.{number}" for number in (1, 2, 3))
_ALL = "RFC 7644 section 3.5.2"
_EMAILS = [
    {"value": "w@example.com", "type": "work", "primary": True},
    {"value": "h@example.com", "type": "home"},
]


def patched(probe: Probe, user: dict[str, Any], *operations: dict[str, Any]) -> dict[str, Any]:
    """Return the user after a PATCH that has to succeed."""
    path = f"/Users/{user['id']}"
    expect_status(probe.patch(path, *operations), 200, 204)
    return dict(probe.get(path).body)


@PATCHING.must_write(_ALL, "A PATCH returns 200 and the resource, or 204.")
def patch_is_answered(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user()
    answer = probe.patch(
        f"/Users/{user['id']}", {"op": "replace", "path": "displayName", "value": "P"}
    )
    expect_status(answer, 200, 204)
    expect(
        answer.status == 204 or answer.body.get("displayName") == "P",
        "the resource is not in the answer",
    )
    expect(probe.get(f"/Users/{user['id']}").body.get("displayName") == "P", "nothing was changed")


@PATCHING.must_write(_ADD, "add with a path sets an attribute or a sub-attribute.")
def add_sets(probe: Probe) -> None:
    probe.need("patch")
    patched_user = patched(
        probe,
        probe.user(name={"givenName": "G"}),
        {"op": "add", "path": "nickName", "value": "N"},
        {"op": "add", "path": "name.familyName", "value": "F"},
    )
    expect(patched_user.get("nickName") == "N", "nickName was not set")
    name = patched_user.get("name") or {}
    expect((name.get("givenName"), name.get("familyName")) == ("G", "F"), f"name is {name}")


@PATCHING.must_write(_ADD, "add without a path adds the attributes in its value.")
def add_without_path(probe: Probe) -> None:
    probe.need("patch")
    patched_user = patched(
        probe, probe.user(), {"op": "add", "value": {"nickName": "N", "title": "T"}}
    )
    expect(
        (patched_user.get("nickName"), patched_user.get("title")) == ("N", "T"), "they were not set"
    )


@PATCHING.must_write(_ADD, "add to a list keeps the existing values.")
def add_appends(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user(emails=_EMAILS)
    new_email = {"value": "o@example.com", "type": "other"}
    patched_user = patched(probe, user, {"op": "add", "path": "emails", "value": [new_email]})
    expect(
        len(patched_user.get("emails") or []) == 3,
        f"there are {len(patched_user.get('emails') or [])} emails",
    )


@PATCHING.should_write(_ADD, "A value that already exists is not added again.")
def add_repeats_nothing(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user(emails=_EMAILS)
    patched_user = patched(probe, user, {"op": "add", "path": "emails", "value": [_EMAILS[1]]})
    expect(
        len(patched_user.get("emails") or []) == 2,
        f"there are {len(patched_user.get('emails') or [])} emails",
    )


@PATCHING.must_write(_ALL, "A new primary value replaces the previous primary value.")
def primary_moves(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user(emails=_EMAILS)
    new_email = {"value": "o@example.com", "type": "other", "primary": True}
    patched_user = patched(probe, user, {"op": "add", "path": "emails", "value": [new_email]})
    primary = [email["value"] for email in patched_user.get("emails") or [] if email.get("primary")]
    expect(primary == ["o@example.com"], f"primary are {primary}")


@PATCHING.must_write(_REMOVE, "remove deletes an attribute.")
def remove_takes_away(probe: Probe) -> None:
    probe.need("patch")
    patched_user = patched(probe, probe.user(nickName="N"), {"op": "remove", "path": "nickName"})
    expect("nickName" not in patched_user, "it is still there")


@PATCHING.must_write(_REMOVE, "remove with a filter deletes only the matching values.")
def remove_by_filter(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user(emails=_EMAILS)
    patched_user = patched(probe, user, {"op": "remove", "path": 'emails[type eq "home"]'})
    types = [email.get("type") for email in patched_user.get("emails") or []]
    expect(types == ["work"], f"left are {types}")


@PATCHING.must_write(_REMOVE, "remove without a path is 400 noTarget.")
def remove_needs_a_path(probe: Probe) -> None:
    probe.need("patch")
    expect_error(probe.patch(f"/Users/{probe.user()['id']}", {"op": "remove"}), 400, "noTarget")


@PATCHING.must_write(_REMOVE, "remove of a required or readOnly attribute is refused.")
def required_stays(probe: Probe) -> None:
    probe.need("patch")
    path = f"/Users/{probe.user()['id']}"
    answer = probe.patch(path, {"op": "remove", "path": "userName"})
    expect_error(answer, 400, "mutability", "invalidValue")
    expect(probe.get(path).body.get("userName"), "userName is gone")


@PATCHING.must_write(_REPLACE, "replace of a list replaces all of it.")
def replace_replaces(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user(emails=_EMAILS)
    patched_user = patched(probe, user, {"op": "replace", "path": "emails", "value": _EMAILS[1:]})
    expect(
        [email.get("type") for email in patched_user.get("emails") or []] == ["home"],
        "another list is there",
    )


@PATCHING.must_write(_REPLACE, "replace with a filter changes the matching values.")
def replace_by_filter(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user(emails=_EMAILS)
    change = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "n@example.com"}
    patched_user = patched(probe, user, change)
    values = {email.get("type"): email.get("value") for email in patched_user.get("emails") or []}
    expect(values == {"work": "n@example.com", "home": "h@example.com"}, f"they are {values}")


@PATCHING.must_write(_REPLACE, "replace with a filter that matches nothing is 400 noTarget.")
def replace_needs_a_target(probe: Probe) -> None:
    probe.need("patch")
    path = f"/Users/{probe.user(emails=_EMAILS)['id']}"
    change = {"op": "replace", "path": 'emails[type eq "pager"].value', "value": "n@example.com"}
    expect_error(probe.patch(path, change), 400, "noTarget")


@PATCHING.must_write(_REPLACE, "replace of an attribute without a value works as add.")
def replace_adds(probe: Probe) -> None:
    probe.need("patch")
    patched_user = patched(probe, probe.user(), {"op": "replace", "path": "nickName", "value": "N"})
    expect(patched_user.get("nickName") == "N", "it was not set")


@PATCHING.must_write(
    _ALL, "A change of a readOnly attribute is 400; a scimType, if any, is mutability."
)
def read_only_stays(probe: Probe) -> None:
    probe.need("patch")
    path = f"/Users/{probe.user()['id']}"
    expect_refusal(probe.patch(path, {"op": "replace", "path": "id", "value": "x"}), "mutability")


@PATCHING.must_write(_ALL, "An invalid path is 400; a scimType, if any, is invalidPath.")
def paths_are_checked(probe: Probe) -> None:
    probe.need("patch")
    path = f"/Users/{probe.user()['id']}"
    for text in ("emails[type eq", "][", "name..givenName"):
        answer = probe.patch(path, {"op": "replace", "path": text, "value": "x"})
        expect_refusal(answer, "invalidPath", "invalidFilter")


@PATCHING.must_write(_ALL, "An operation that fails leaves the resource as it was.")
def patches_are_atomic(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user(nickName="N")
    path = f"/Users/{user['id']}"
    answer = probe.patch(
        path,
        {"op": "replace", "path": "nickName", "value": "other"},
        {"op": "remove"},
    )
    expect_status(answer, 400)
    expect(probe.get(path).body.get("nickName") == "N", "the first operation was done")


@PATCHING.must_write(
    _ALL, "The body has the schema PatchOp, and operations are add, remove or replace."
)
def messages_are_checked(probe: Probe) -> None:
    probe.need("patch")
    path = f"/Users/{probe.user()['id']}"
    operation = {"op": "replace", "path": "nickName", "value": "x"}
    expect_status(
        probe.send("PATCH", path, {"schemas": [made_up()], "Operations": [operation]}), 400
    )
    expect_status(probe.patch(path, {**operation, "op": "jump"}), 400)
    expect_status(probe.send("PATCH", path, {"schemas": [PATCH_OP]}), 400)


@PATCHING.must_write(_ALL, "A missing resource is 404.")
def nothing_is_patched(probe: Probe) -> None:
    probe.need("patch")
    answer = probe.patch(f"/Users/{made_up()}", {"op": "add", "path": "nickName", "value": "x"})
    expect_status(answer, 404)


@PATCHING.must_write(_ADD, "Members are added and removed one by one.")
def members_change(probe: Probe) -> None:
    probe.need("patch")
    first, second = probe.user(), probe.user()
    group = probe.group([first])
    path = f"/Groups/{group['id']}"
    addition = probe.patch(
        path, {"op": "add", "path": "members", "value": [{"value": second["id"]}]}
    )
    expect_status(addition, 200, 204)
    removal = probe.patch(path, {"op": "remove", "path": f'members[value eq "{first["id"]}"]'})
    expect_status(removal, 200, 204)
    member_ids = [member.get("value") for member in probe.get(path).body.get("members") or []]
    expect(member_ids == [second["id"]], f"members are {member_ids}")


@PATCHING.must_write("RFC 7644 section 3.14", "A change sets a new version and lastModified.")
def changes_are_dated(probe: Probe) -> None:
    probe.need("patch")
    user = probe.user()
    patched_user = patched(probe, user, {"op": "replace", "path": "displayName", "value": "P"})
    old_meta, new_meta = user.get("meta") or {}, patched_user.get("meta") or {}
    if "version" not in new_meta:
        raise NotTried("there are no versions")
    expect(old_meta.get("version") != new_meta["version"], "the version is the same")
    expect(
        str(new_meta.get("lastModified")) >= str(old_meta.get("lastModified")),
        "lastModified went back",
    )
