"""Rules of RFC 7643 and RFC 7644 about making, replacing and removing resources."""

from scim_cli.conform.answer import (
    USER,
    NotTried,
    expect,
    expect_error,
    expect_refusal,
    expect_status,
    schemas_in,
)
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rule import Profile, Rules

WRITING = Rules(Profile.RFC)
_MADE = "RFC 7644 section 3.3"


@WRITING.must_write(_MADE, "A creation returns 201, with the location in the header Location.")
def creation_is_201(probe: Probe) -> None:
    answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": made_up()})
    expect_status(answer, 201)
    expect(answer.headers.get("location"), "there is no Location")
    expect_status(probe.get(probe.path_of(answer.headers["location"])), 200)


@WRITING.should_write(_MADE, "The response to a creation contains the resource.")
def creation_shows_the_resource(probe: Probe) -> None:
    name = made_up()
    answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": name})
    expect(answer.body.get("userName") == name, "the userName is not in the answer")
    expect(USER in schemas_in(answer.body), "the schema is not among schemas")


@WRITING.must_write(
    "RFC 7643 section 3.1",
    "meta.location is the header Location; created and lastModified are times.",
)
def meta_is_told(probe: Probe) -> None:
    answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": made_up()})
    meta = answer.body.get("meta") or {}
    expect(
        meta.get("location") == answer.headers.get("location"),
        f"meta.location is {meta.get('location')}",
    )
    for name in ("created", "lastModified"):
        expect("T" in str(meta.get(name)), f"meta.{name} is {meta.get(name)}")
    expect(meta.get("resourceType") == "User", f"meta.resourceType is {meta.get('resourceType')}")


@WRITING.must_write(
    "RFC 7643 section 3.1", "The server assigns id and ignores an id from the client."
)
def id_is_the_servers(probe: Probe) -> None:
    own_id = made_up()
    user = probe.user(id=own_id, meta={"resourceType": "Other", "created": "2011-05-13T04:42:34Z"})
    expect(user["id"] != own_id, "the id that was sent came back")
    expect(not str(user["meta"].get("created")).startswith("2011"), "meta.created was taken")


@WRITING.must_write(_MADE, "A second resource with a unique value is 409 uniqueness.")
def twins_are_refused(probe: Probe) -> None:
    user = probe.user()
    for name in (user["userName"], user["userName"].upper()):
        answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": name})
        expect_error(answer, 409, "uniqueness")


@WRITING.must_write(
    "RFC 7644 section 5", "userNames that are equal after preparation (PRECIS) are one name."
)
def names_are_prepared(probe: Probe) -> None:
    plain = made_up()
    for name, equal_name in (
        (f"\u00e9-{plain}", f"e\u0301-{plain}"),
        (f"z{plain}", f"\uff5a{plain}"),
    ):
        first_answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": name})
        if first_answer.status == 400:
            raise NotTried("such names are refused")
        expect_status(first_answer, 201)
        second_answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": equal_name})
        expect_status(second_answer, 400, 409)


@WRITING.must_write("RFC 7643 section 4.1.1", "userName is required.")
def user_name_is_required(probe: Probe) -> None:
    expect_status(probe.send("POST", "/Users", {"schemas": [USER], "displayName": "x"}), 400)


@WRITING.must_write(
    "RFC 7644 section 3.12", "A body that is not JSON is 400; a scimType, if any, is invalidSyntax."
)
def bodies_are_json(probe: Probe) -> None:
    expect_refusal(probe.send("POST", "/Users", "{"), "invalidSyntax")


@WRITING.must_write("RFC 7643 section 2.1", "Attribute names are case-insensitive.")
def names_have_no_case(probe: Probe) -> None:
    name = made_up()
    answer = probe.send("POST", "/Users", {"schemas": [USER], "USERNAME": name, "displayname": "D"})
    expect_status(answer, 201)
    expect(answer.body.get("userName") == name, "userName is not what USERNAME said")


@WRITING.must_write("RFC 7643 section 2.5", "null and an empty list mean no value.")
def nothing_is_no_value(probe: Probe) -> None:
    user = probe.user(title=None, emails=[])
    stored_user = probe.get(f"/Users/{user['id']}").body
    expect(not stored_user.get("emails") and stored_user.get("title") is None, "there is a value")


@WRITING.must_write("RFC 7643 section 4.1.1", "A password is accepted and never returned.")
def a_password_is_not_shown(probe: Probe) -> None:
    if probe.attribute(USER, "password") is None:
        raise NotTried("the schema has no password")
    user = probe.user(password="Made-up-42-and-long!")  # noqa: S106 - made up
    expect("password" not in user, "it is in the answer")
    expect("password" not in probe.get(f"/Users/{user['id']}").body, "it is in what is read")


@WRITING.must_write("RFC 7643 section 2.4", "At most one value of a list is primary.")
def one_is_primary(probe: Probe) -> None:
    emails = [{"value": f"{n}@example.com", "type": "work", "primary": True} for n in "ab"]
    answer = probe.send(
        "POST", "/Users", {"schemas": [USER], "userName": made_up(), "emails": emails}
    )
    primary_emails = [email for email in answer.body.get("emails") or [] if email.get("primary")]
    expect(answer.status == 400 or len(primary_emails) <= 1, "two values are primary")


@WRITING.must_write("RFC 7644 section 3.4.2.2", "eq on userName is case-insensitive.")
def user_names_are_found_in_any_case(probe: Probe) -> None:
    probe.need("filter")
    user = probe.user()
    answer = probe.get("/Users", filter=f'userName eq "{user["userName"].upper()}"')
    expect(answer.ids == [user["id"]], "it was not found")


@WRITING.must_write("RFC 7643 section 3.1", "externalId is case-sensitive.")
def external_ids_have_case(probe: Probe) -> None:
    probe.need("filter")
    external = made_up()
    user = probe.user(externalId=external)
    listing = probe.get("/Users", filter=f'externalId eq "{external}"')
    expect(listing.ids == [user["id"]], "it was not found")
    other_listing = probe.get("/Users", filter=f'externalId eq "{external.upper()}"')
    expect(other_listing.body.get("totalResults") == 0, "it was found in another case")


@WRITING.must_write(
    "RFC 7644 section 3.5.1",
    "PUT returns 200; what it sends replaces existing values, and null removes them.",
)
def put_replaces(probe: Probe) -> None:
    user = probe.user(nickName="N", title="O")
    body = {"schemas": [USER], "userName": user["userName"], "title": "T", "nickName": None}
    answer = probe.send("PUT", f"/Users/{user['id']}", body)
    expect_status(answer, 200)
    stored_user = probe.get(f"/Users/{user['id']}").body
    expect(stored_user.get("title") == "T", "title was not set")
    expect(stored_user.get("nickName") is None, "nickName is still there")


@WRITING.must_write("RFC 7644 section 3.5.1", "PUT creates no resource.")
def put_makes_nothing(probe: Probe) -> None:
    name = made_up()
    answer = probe.send("PUT", f"/Users/{name}", {"schemas": [USER], "userName": name})
    expect(answer.status >= 400, f"it is {answer.status}")
    expect_status(probe.get(f"/Users/{name}"), 404)


@WRITING.must_write("RFC 7644 section 3.5.1", "readOnly attributes in a PUT are ignored.")
def put_ignores_what_is_read_only(probe: Probe) -> None:
    user = probe.user()
    body = {"schemas": [USER], "userName": user["userName"], "groups": [{"value": "made-up"}]}
    answer = probe.send("PUT", f"/Users/{user['id']}", body)
    expect_status(answer, 200)
    stored_user = probe.get(f"/Users/{user['id']}").body
    expect(stored_user["id"] == user["id"] and not stored_user.get("groups"), "a group was taken")


@WRITING.must_write(
    "RFC 7644 section 3.6", "DELETE returns 204; afterwards the resource is 404 and in no list."
)
def deleted_is_gone(probe: Probe) -> None:
    user = probe.user()
    path = f"/Users/{user['id']}"
    expect_status(probe.send("DELETE", path), 204)
    expect_status(probe.get(path), 404)
    expect_status(probe.send("DELETE", path), 404)
    if probe.supports("filter"):
        listing = probe.get("/Users", filter=f'userName eq "{user["userName"]}"')
        expect(listing.body.get("totalResults") == 0, "it is in a list")


@WRITING.should_write("RFC 7644 section 3.6", "The unique values of a deleted resource are free.")
def names_of_the_deleted_are_free(probe: Probe) -> None:
    user = probe.user()
    probe.send("DELETE", f"/Users/{user['id']}")
    answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": user["userName"]})
    expect_status(answer, 201)
