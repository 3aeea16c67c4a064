"""Rules of the IPSIE AL SCIM 2.0 Profile (draft 00) for the application, levels AL1 and AL2."""

from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from scim_cli.conform.probe import (
    GROUP,
    USER,
    NotTried,
    Probe,
    expect,
    expect_status,
    made_up,
    schemas_in,
)
from scim_cli.conform.rfc_patch import patched
from scim_cli.conform.rule import Level, Profile, Rules

AL1 = Rules(Profile.IPSIE_AL1)
AL2 = Rules(Profile.IPSIE_AL2)
_AUTH: Final = "Authentication and Authorization"
_PERFORMANCE: Final = "Performance and Efficiency"
_OPERATIONS: Final = 50
"""Changes of members in one PATCH."""


def _metadata(probe: Probe) -> dict[str, Any]:
    """Return the metadata of the authorization server (RFC 8414 section 3)."""
    parts = urlsplit(probe.base)
    origin = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
    well_known = "/.well-known/oauth-authorization-server"
    for url in (origin + well_known + parts.path, probe.base + well_known, origin + well_known):
        answer = probe.send("GET", url, headers={"Accept": "application/json"})
        if answer.status == 200 and "token_endpoint" in answer.body:
            return dict(answer.body)
    expect(condition=False, otherwise="no metadata with a token_endpoint was found")
    return {}


@AL1.must(_AUTH, "Every request needs a token.")
def tokens_are_needed(probe: Probe) -> None:
    for path in ("/Users", "/Groups", "/Schemas", "/ServiceProviderConfig"):
        expect_status(probe.send("GET", path, headers={"Authorization": ""}), 401)


@AL1.must(_AUTH, "Metadata of the authorization server names its token_endpoint (RFC 8414).")
def metadata_is_there(probe: Probe) -> None:
    expect(_metadata(probe).get("token_endpoint"), "it has none")


@AL1.must(_AUTH, "Clients get tokens by client_credentials.")
def client_credentials_are_taken(probe: Probe) -> None:
    told = _metadata(probe).get("grant_types_supported") or []
    expect("client_credentials" in told, f"grant_types_supported is {told}")


@AL1.must(_AUTH, "Clients authenticate by JWT (RFC 7523).")
def clients_prove_themselves_by_jwt(probe: Probe) -> None:
    told = _metadata(probe).get("token_endpoint_auth_methods_supported") or []
    expect("private_key_jwt" in told, f"token_endpoint_auth_methods_supported is {told}")


@AL1.must(_AUTH, "Tokens have the scope scim.")
def the_scope_is_scim(probe: Probe) -> None:
    told = _metadata(probe).get("scopes_supported") or []
    expect("scim" in told, f"scopes_supported is {told}")


@AL1.must(_AUTH, "Tokens are all that opens it: other schemes are not offered.")
def oauth_alone_is_offered(probe: Probe) -> None:
    schemes = probe.once("/ServiceProviderConfig").body.get("authenticationSchemes") or []
    types = {each.get("type") for each in schemes}
    expect(
        types and types <= {"oauth2", "oauthbearertoken"}, f"types are {sorted(map(str, types))}"
    )


@AL1.must(_PERFORMANCE, "25 requests one after the other are not turned away.")
def many_requests_are_taken(probe: Probe) -> None:
    for _ in range(25):
        expect_status(probe.get("/Users", count="0"), 200)


@AL1.must(_PERFORMANCE, "/Bulk is supported.")
def bulk_is_supported(probe: Probe) -> None:
    expect(probe.supports("bulk"), "ServiceProviderConfig does not say so")


@AL1.must_write(_PERFORMANCE, "One PATCH changes several attributes.")
def several_attributes_change(probe: Probe) -> None:
    changes: list[dict[str, Any]] = [
        {"op": "replace", "path": path, "value": "x"} for path in ("displayName", "nickName")
    ]
    changes.append({"op": "replace", "path": "active", "value": False})
    read = patched(probe, probe.user(), *changes)
    told = read.get("displayName"), read.get("nickName"), read.get("active")
    expect(told == ("x", "x", False), f"they are {told}")


@AL1.must_write("Deactivate or Reactivate User", "A user is deactivated and activated again.")
def users_are_deactivated(probe: Probe) -> None:
    user = probe.user(active=True)
    for active in (False, True):
        read = patched(probe, user, {"op": "replace", "path": "active", "value": active})
        expect(read.get("active") is active, f"active is {read.get('active')}")


@AL1.must_write("Delete User", "The name of a deleted user can be given again.")
def names_can_be_given_again(probe: Probe) -> None:
    user = probe.user()
    answer = probe.send("DELETE", f"/Users/{user['id']}")
    if answer.status in {403, 405, 501}:
        raise NotTried("users cannot be deleted, which is allowed")
    expect_status(answer, 204)
    again = {"schemas": [USER], "userName": user["userName"]}
    expect_status(probe.send("POST", "/Users", again), 201)


@AL1.must_write("Get User By ID", "A user is read by id.")
def users_are_read(probe: Probe) -> None:
    expect_status(probe.get(f"/Users/{probe.user()['id']}"), 200)


@AL1.must_write(
    "List Users By Alternate Identifier", "Users are found by userName, externalId and emails."
)
def users_are_found(probe: Probe) -> None:
    mail = made_up()
    user = probe.user(externalId=made_up(), emails=[{"value": mail, "type": "work"}])
    for text in (
        f'userName eq "{user["userName"]}"',
        f'externalId eq "{user["externalId"]}"',
        f'emails[value eq "{mail}"]',
        f'emails[type eq "work" and value eq "{mail}"]',
    ):
        found = probe.get("/Users", filter=text)
        expect_status(found, 200)
        expect([each.get("id") for each in found.resources] == [user["id"]], f"not found by {text}")


@AL1.must("Security Considerations", "Errors are SCIM errors and tell nothing of the inside.")
def errors_tell_nothing(probe: Probe) -> None:
    for answer in (probe.get(f"/Users/{made_up()}"), probe.get("/Users", filter="((")):
        expect(
            "urn:ietf:params:scim:api:messages:2.0:Error" in schemas_in(answer.body),
            "no SCIM error",
        )
        inside = ("Traceback", "Exception", ".py", ".java", "at line", "SELECT ")
        expect(not any(each in answer.text for each in inside), "the error tells of the inside")


@AL2.must("Schema", "Users have userName, displayName and active in their schema.")
def users_have_a_schema(probe: Probe) -> None:
    for name in ("userName", "displayName", "active"):
        expect(probe.attribute(USER, name) is not None, f"{name} is not there")


@AL2.must_write("Schema", "externalId of users and groups is kept.")
def external_ids_are_kept(probe: Probe) -> None:
    for path, made in (
        ("/Users", probe.user(externalId="e")),
        ("/Groups", probe.group(externalId="e")),
    ):
        expect(
            probe.get(f"{path}/{made['id']}").body.get("externalId") == "e", f"{path}: it is not"
        )


@AL2.must("Passwords and other credentials", "There is no attribute password.")
def there_is_no_password(probe: Probe) -> None:
    expect(probe.attribute(USER, "password") is None, "the schema has it")
    expect(
        not probe.once("/ServiceProviderConfig").body.get("changePassword", {}).get("supported"),
        "changePassword is supported",
    )


@AL2.must_write("Passwords and other credentials", "A password is refused.")
def passwords_are_refused(probe: Probe) -> None:
    body = {"schemas": [USER], "userName": made_up(), "password": "Made-up-42-and-long!"}
    expect_status(probe.send("POST", "/Users", body), 400)


@AL2.must_write("Create User", "Users are made by POST.")
def users_are_made(probe: Probe) -> None:
    expect_status(probe.send("POST", "/Users", {"schemas": [USER], "userName": made_up()}), 201)


@AL2.must_write("Update User", "Users are changed by PATCH.")
def users_are_changed(probe: Probe) -> None:
    read = patched(probe, probe.user(), {"op": "replace", "path": "displayName", "value": "x"})
    expect(read.get("displayName") == "x", "nothing was changed")


@AL2.must("Get All Users", "All users are listed.")
def users_are_listed(probe: Probe) -> None:
    expect_status(probe.get("/Users"), 200)


@AL2.should("Get All Users", "At most 1,000 users come at once.")
def pages_of_users_are_bounded(probe: Probe) -> None:
    expect(len(probe.get("/Users", count="5000").resources) <= 1000, "more came")


@AL2.should("Get All Users", "Users are paged by cursor (RFC 9865).")
def users_are_paged_by_cursor(probe: Probe) -> None:
    told = probe.once("/ServiceProviderConfig").body.get("pagination") or {}
    expect(told.get("cursor") is True, "ServiceProviderConfig does not say so")


@AL2.must("Schema", "Groups have displayName and members in their schema.")
def groups_have_a_schema(probe: Probe) -> None:
    probe.need_type("Group")
    for name in ("displayName", "members"):
        expect(probe.attribute(GROUP, name) is not None, f"{name} is not there")


@AL2.should_write("Schema", "Two groups have not the same displayName.")
def names_of_groups_are_unique(probe: Probe) -> None:
    body = {"schemas": [GROUP], "displayName": probe.group()["displayName"]}
    expect_status(probe.send("POST", "/Groups", body), 409)


@AL2.must_write("Create Group", "Groups are made by POST, also without members.")
def groups_are_made(probe: Probe) -> None:
    probe.need_type("Group")
    body = {"schemas": [GROUP], "displayName": made_up()}
    expect_status(probe.send("POST", "/Groups", body), 201)


@AL2.must("Get All Groups", "All groups are listed.")
def groups_are_listed(probe: Probe) -> None:
    probe.need_type("Group")
    expect_status(probe.get("/Groups", excludedAttributes="members"), 200)


@AL2.must_write("Get Group By ID", "A group is read by id.")
def groups_are_read(probe: Probe) -> None:
    expect_status(probe.get(f"/Groups/{probe.group()['id']}"), 200)


@AL2.must_write(
    "List Groups By Alternate Identifier", "Groups are found by displayName, externalId and member."
)
def groups_are_found(probe: Probe) -> None:
    user = probe.user()
    group = probe.group([user], externalId=made_up())
    for text in (
        f'displayName eq "{group["displayName"]}"',
        f'externalId eq "{group["externalId"]}"',
        f'members[value eq "{user["id"]}"]',
    ):
        found = probe.get("/Groups", filter=text)
        expect_status(found, 200)
        expect(
            [each.get("id") for each in found.resources] == [group["id"]], f"not found by {text}"
        )


@AL2.must_write("Update Group", "Groups are changed by PATCH.")
def groups_are_changed(probe: Probe) -> None:
    path = f"/Groups/{probe.group()['id']}"
    name = made_up()
    expect_status(
        probe.patch(path, {"op": "replace", "path": "displayName", "value": name}), 200, 204
    )
    expect(probe.get(path).body.get("displayName") == name, "nothing was changed")


@AL2.must_write("Update Group", "One PATCH adds or removes 50 members.")
def many_members_change(probe: Probe) -> None:
    users = [probe.user()["id"] for _ in range(_OPERATIONS)]
    path = f"/Groups/{probe.group()['id']}"
    added = [{"op": "add", "path": "members", "value": [{"value": each}]} for each in users]
    expect_status(probe.patch(path, *added), 200, 204)
    expect(len(probe.get(path).body.get("members") or []) == _OPERATIONS, "they were not added")
    gone = [{"op": "remove", "path": f'members[value eq "{each}"]'} for each in users]
    expect_status(probe.patch(path, *gone), 200, 204)
    expect(not probe.get(path).body.get("members"), "they were not removed")


for rules, section, level, text, why in (
    (AL1, _AUTH, Level.MUST, "Credentials of clients are not taken from a request's body.", "needs a client's credentials"),
    (AL1, _PERFORMANCE, Level.MUST, "What is over the limit is 429 with Retry-After.", "it would take a flood of requests"),
    (AL1, "SCIM Interoperability Requirements", Level.MUST, "Users and groups are changed by SCIM alone.", "other ways in are not seen"),
    (AL1, "Deactivate or Reactivate User", Level.MUST, "Sessions, tokens and keys of a deactivated user end.", "sessions are not seen"),
    (AL1, "Security Considerations", Level.MUST, "Tokens expire, nonces are checked, changes are logged.", "it is inside"),
    (AL2, "AL2", Level.MUST, "Groups are mapped to roles of the application.", "roles are not seen"),
):  # fmt: skip
    rules.unseen(section, level, text, why)
