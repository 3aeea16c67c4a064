"""Rules of RFC 7643 and RFC 7644 about versions, groups and bulk requests."""

from scim_cli.conform.answer import MEDIA_TYPE, USER, NotTried, expect, expect_status
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rule import Level, Profile, Rules

MORE = Rules(Profile.RFC)


@MORE.must_write(
    "RFC 7644 section 3.14", "The header ETag equals meta.version, if entity tags are supported."
)
def tags_are_versions(probe: Probe) -> None:
    probe.need("etag")
    answer = probe.get(f"/Users/{probe.user()['id']}")
    tag = answer.headers.get("etag")
    expect(tag and tag == (answer.body.get("meta") or {}).get("version"), f"ETag is {tag}")


@MORE.should_write("RFC 7644 section 3.14", "If-None-Match with the current version is 304.")
def unchanged_is_304(probe: Probe) -> None:
    probe.need("etag")
    path = f"/Users/{probe.user()['id']}"
    tag = probe.get(path).headers.get("etag", "")
    expect_status(probe.send("GET", path, headers={"If-None-Match": tag}), 304)


@MORE.must_write(
    "RFC 7644 section 3.14", "If-Match with another version is 412 and changes nothing."
)
def other_versions_are_412(probe: Probe) -> None:
    probe.need("etag")
    user = probe.user()
    body = {"schemas": [USER], "userName": user["userName"], "title": "T"}
    answer = probe.send("PUT", f"/Users/{user['id']}", body, headers={"If-Match": 'W/"made-up"'})
    expect_status(answer, 412)
    expect("title" not in probe.get(f"/Users/{user['id']}").body, "it was changed")


@MORE.should_write("RFC 7644 section 3.8", "A body of type application/json is accepted.")
def json_bodies_are_read(probe: Probe) -> None:
    body = {"schemas": [USER], "userName": made_up()}
    answer = probe.send("POST", "/Users", body, headers={"Content-Type": "application/json"})
    expect_status(answer, 201)


@MORE.must_write(
    "RFC 7644 section 3.9", "attributes and excludedAttributes also apply to responses to writes."
)
def writing_answers_are_chosen(probe: Probe) -> None:
    body = {"schemas": [USER], "userName": made_up(), "nickName": "N"}
    answer = probe.send("POST", "/Users", body, parameters={"excludedAttributes": "nickName"})
    expect_status(answer, 201)
    expect("nickName" not in answer.body, "nickName came")
    expect(
        answer.headers.get("content-type", "").startswith(MEDIA_TYPE), "it is not a SCIM response"
    )


@MORE.must_write("RFC 7643 section 4.2", "A group has the members it was created with.")
def groups_have_members(probe: Probe) -> None:
    user = probe.user()
    group = probe.group([user])
    stored_group = probe.get(f"/Groups/{group['id']}").body
    expect(
        [member.get("value") for member in stored_group.get("members") or []] == [user["id"]],
        "no member",
    )


@MORE.must_write(
    "RFC 7643 section 4.1.2", "If users have groups, these are the groups they belong to."
)
def users_show_their_groups(probe: Probe) -> None:
    user = probe.user()
    group = probe.group([user])
    groups = probe.get(f"/Users/{user['id']}").body.get("groups")
    if not groups:
        raise NotTried("users do not tell their groups, and need not")
    expect(
        group["id"] in [parent.get("value") for parent in groups],
        "the group is not among them",
    )


@MORE.must_write(
    "RFC 7643 section 2.4", "The $ref and type of a member, if present, are those of the user."
)
def members_are_described(probe: Probe) -> None:
    user = probe.user()
    group = probe.group([user])
    for member in probe.get(f"/Groups/{group['id']}").body.get("members") or []:
        expect(member.get("type") in {"User", None}, f"type is {member.get('type')}")
        expect(
            str(member.get("$ref", user["id"])).endswith(user["id"]),
            f"$ref is {member.get('$ref')}",
        )


@MORE.must_write(
    "RFC 7644 section 3.7",
    "A bulk request executes its operations and returns a result for each.",
)
def bulk_is_done(probe: Probe) -> None:
    probe.need("bulk")
    urn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    data = {"schemas": [USER], "userName": made_up()}
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": data},
        {"method": "DELETE", "path": f"/Users/{made_up()}"},
    ]
    answer = probe.send("POST", "/Bulk", {"schemas": [urn], "Operations": operations})
    expect_status(answer, 200)
    results = answer.body.get("Operations") or []
    expect(len(results) == 2, f"{len(results)} operations are answered")
    creation, deletion = results
    expect(
        (str(creation.get("status")), creation.get("bulkId")) == ("201", "a"),
        f"the creation: {creation.get('status')}",
    )
    expect(creation.get("location"), "the creation has no location")
    expect(
        str(deletion.get("status")) == "404" and deletion.get("response"),
        "the refusal has no response",
    )
    expect(isinstance(creation.get("status"), str), "status is no string")


@MORE.must_write(
    "RFC 7644 section 3.7.2", "A bulkId refers to a resource that the request creates."
)
def bulk_ids_are_resolved(probe: Probe) -> None:
    probe.need("bulk")
    probe.need_type("Group")
    urn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    members = [{"value": "bulkId:u"}]
    operations = [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": "u",
            "data": {"schemas": [USER], "userName": made_up()},
        },
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "g",
            "data": {
                "displayName": made_up(),
                "members": members,
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            },
        },
    ]
    answer = probe.send("POST", "/Bulk", {"schemas": [urn], "Operations": operations})
    expect_status(answer, 200)
    ids = {
        result.get("bulkId"): str(result.get("location", "")).rpartition("/")[2]
        for result in answer.body["Operations"]
    }
    values = [
        member.get("value")
        for member in probe.get(f"/Groups/{ids.get('g')}").body.get("members") or []
    ]
    expect(values == [ids.get("u")], f"the members are {values}")


@MORE.must_write("RFC 7644 section 3.7.4", "More operations than maxOperations is 413.")
def bulk_is_bounded(probe: Probe) -> None:
    probe.need("bulk")
    limit = probe.once("/ServiceProviderConfig").body["bulk"]["maxOperations"]
    if limit > 5000:
        raise NotTried(f"maxOperations is {limit}")
    urn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    operations = [{"method": "DELETE", "path": "/Users/x"}] * (limit + 1)
    expect_status(probe.send("POST", "/Bulk", {"schemas": [urn], "Operations": operations}), 413)


for section, level, text, why in (
    ("RFC 7643 section 3.1", Level.MUST, "An id is never reused.", "a run is too short to show it"),
    ("RFC 7643 section 9.2", Level.MUST, "Passwords are not stored in clear text.", "the store is not observable"),
    ("RFC 7644 section 7.2", Level.MUST, "TLS of version 1.2 is supported.", "needs TLS tools"),
    ("RFC 7644 section 7.5.2", Level.SHOULD, "A GET with confidential data in its filter is refused with 403.", "the server does not announce which data is confidential"),
    ("RFC 7644 section 3.4.2.4", Level.MUST, "Pages are not a snapshot; clients must not rely on one.", "a requirement for clients"),
):  # fmt: skip
    MORE.unseen(section, level, text, why)
