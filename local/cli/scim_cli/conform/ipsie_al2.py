"""Rules of the IPSIE AL SCIM 2.0 Profile for the application, level AL2 (rule.SOURCES says which text)."""

from typing import Final

from scim_cli.conform.answer import GROUP, USER, expect, expect_status
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rfc_patch import patched
from scim_cli.conform.rule import Level, Profile, Rules

AL2 = Rules(Profile.IPSIE_AL2)
_OPERATIONS: Final = 50
"""Changes of members in one PATCH."""


@AL2.must("section 6.1.1, Schema", "Users have userName, displayName and active in their schema.")
def users_have_a_schema(probe: Probe) -> None:
    for name in ("userName", "displayName", "active"):
        expect(probe.attribute(USER, name) is not None, f"{name} is missing")


@AL2.must_write("section 6.1.1, Schema", "externalId of users is stored.")
def external_ids_of_users_are_kept(probe: Probe) -> None:
    stored_user = probe.get(f"/Users/{probe.user(externalId='e')['id']}").body
    expect(stored_user.get("externalId") == "e", "it is not")


@AL2.must("section 6.1.2, Passwords and other credentials", "There is no attribute password.")
def there_is_no_password(probe: Probe) -> None:
    expect(probe.attribute(USER, "password") is None, "the schema has it")
    expect(
        not probe.once("/ServiceProviderConfig").body.get("changePassword", {}).get("supported"),
        "changePassword is supported",
    )


@AL2.must_write("section 6.1.2, Passwords and other credentials", "A password is refused.")
def passwords_are_refused(probe: Probe) -> None:
    body = {"schemas": [USER], "userName": made_up(), "password": "Made-up-42-and-long!"}
    expect_status(probe.send("POST", "/Users", body), 400)


@AL2.must_write("section 6.1.3, Create User", "POST creates users.")
def users_are_made(probe: Probe) -> None:
    expect_status(probe.send("POST", "/Users", {"schemas": [USER], "userName": made_up()}), 201)


@AL2.must_write("section 6.1.4, Update User", "PATCH changes users.")
def users_are_changed(probe: Probe) -> None:
    patched_user = patched(
        probe, probe.user(), {"op": "replace", "path": "displayName", "value": "x"}
    )
    expect(patched_user.get("displayName") == "x", "nothing was changed")


@AL2.must("section 6.1.5, Get All Users", "All users can be listed.")
def users_are_listed(probe: Probe) -> None:
    expect_status(probe.get("/Users"), 200)


@AL2.should("section 6.1.5, Get All Users", "A page has at most 1,000 users.")
def pages_of_users_are_bounded(probe: Probe) -> None:
    expect(len(probe.get("/Users", count="5000").resources) <= 1000, "more came")


@AL2.should("section 6.1.5, Get All Users", "Users are paged by cursor (RFC 9865).")
def users_are_paged_by_cursor(probe: Probe) -> None:
    pagination = probe.once("/ServiceProviderConfig").body.get("pagination") or {}
    expect(pagination.get("cursor") is True, "ServiceProviderConfig does not say so")


@AL2.must("section 6.2.1, Schema", "Groups have displayName and members in their schema.")
def groups_have_a_schema(probe: Probe) -> None:
    probe.need_type("Group")
    for name in ("displayName", "members"):
        expect(probe.attribute(GROUP, name) is not None, f"{name} is missing")


@AL2.must_write("section 6.2.1, Schema", "externalId of groups is stored.")
def external_ids_of_groups_are_kept(probe: Probe) -> None:
    stored_group = probe.get(f"/Groups/{probe.group(externalId='e')['id']}").body
    expect(stored_group.get("externalId") == "e", "it is not")


@AL2.should_write("section 6.2.1, Schema", "Two groups do not have the same displayName.")
def names_of_groups_are_unique(probe: Probe) -> None:
    body = {"schemas": [GROUP], "displayName": probe.group()["displayName"]}
    expect_status(probe.send("POST", "/Groups", body), 409)


@AL2.must_write("section 6.2.2, Create Group", "POST creates groups, also without members.")
def groups_are_made(probe: Probe) -> None:
    probe.need_type("Group")
    body = {"schemas": [GROUP], "displayName": made_up()}
    expect_status(probe.send("POST", "/Groups", body), 201)


@AL2.must("section 6.2.3, Get All Groups", "All groups can be listed.")
def groups_are_listed(probe: Probe) -> None:
    probe.need_type("Group")
    expect_status(probe.get("/Groups", excludedAttributes="members"), 200)


@AL2.must_write("section 6.2.4, Get Group By ID", "A group can be read by id.")
def groups_are_read(probe: Probe) -> None:
    expect_status(probe.get(f"/Groups/{probe.group()['id']}"), 200)


@AL2.must_write(
    "section 6.2.5, List Groups By Alternate Identifier",
    "Groups are found by displayName, externalId and member.",
)
def groups_are_found(probe: Probe) -> None:
    user = probe.user()
    group = probe.group([user], externalId=made_up())
    for text in (
        f'displayName eq "{group["displayName"]}"',
        f'externalId eq "{group["externalId"]}"',
        f'members[value eq "{user["id"]}"]',
    ):
        listing = probe.get("/Groups", filter=text)
        expect_status(listing, 200)
        expect(listing.ids == [group["id"]], f"not found by {text}")


@AL2.must_write("section 6.2.6, Update Group", "PATCH changes groups.")
def groups_are_changed(probe: Probe) -> None:
    path = f"/Groups/{probe.group()['id']}"
    name = made_up()
    expect_status(
        probe.patch(path, {"op": "replace", "path": "displayName", "value": name}), 200, 204
    )
    expect(probe.get(path).body.get("displayName") == name, "nothing was changed")


@AL2.must_write("section 6.2.6, Update Group", "One PATCH adds or removes 50 members.")
def many_members_change(probe: Probe) -> None:
    users = [probe.user()["id"] for _ in range(_OPERATIONS)]
    path = f"/Groups/{probe.group()['id']}"
    additions = [{"op": "add", "path": "members", "value": [{"value": id_}]} for id_ in users]
    expect_status(probe.patch(path, *additions), 200, 204)
    expect(len(probe.get(path).body.get("members") or []) == _OPERATIONS, "they were not added")
    removals = [{"op": "remove", "path": f'members[value eq "{id_}"]'} for id_ in users]
    expect_status(probe.patch(path, *removals), 200, 204)
    expect(not probe.get(path).body.get("members"), "they were not removed")


for section, text, reason in (
    ("section 6", "Groups are mapped to roles of the application.", "roles are not observable"),
    ("section 6", "The application itself creates no accounts.", "other interfaces are not observable"),
    ("section 6.1.2, Passwords and other credentials", "Schemas have no other attributes for credentials.", "a name does not show the content"),
):  # fmt: skip
    AL2.unseen(section, Level.MUST, text, reason)
