"""Rules of RFC 7643 and RFC 7644 about errors and lists, seen by reading."""

from scim_cli.conform.answer import (
    ERROR,
    LIST,
    USER,
    NotTried,
    expect,
    expect_error,
    expect_status,
    schemas_in,
)
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rule import Profile, Rules

LISTS = Rules(Profile.RFC)


@LISTS.must("RFC 7644 section 3.12", "A missing resource is 404.")
def nothing_is_404(probe: Probe) -> None:
    expect_status(probe.get(f"/Users/{made_up()}"), 404)


@LISTS.must("RFC 7644 section 3.12", "The body of an error response is a SCIM error.")
def errors_are_scim(probe: Probe) -> None:
    answer = probe.get(f"/Users/{made_up()}")
    expect(ERROR in schemas_in(answer.body), "the body is no SCIM error")


@LISTS.must(
    "RFC 7644 section 3.12",
    "The status in an error is a JSON string and equals the response status.",
)
def errors_say_their_status(probe: Probe) -> None:
    answer = probe.get(f"/Users/{made_up()}")
    if ERROR not in schemas_in(answer.body):
        raise NotTried("the answer is no SCIM error")
    expect(answer.body.get("status") == str(answer.status), f"it is {answer.body.get('status')!r}")


@LISTS.must(
    "RFC 7644 section 3.4.2",
    "A list is a ListResponse with totalResults, and with Resources if there are any.",
)
def lists_are_lists(probe: Probe) -> None:
    answer = probe.get("/Users")
    expect_status(answer, 200)
    expect(LIST in schemas_in(answer.body), "it is no ListResponse")
    total = answer.body.get("totalResults")
    expect(isinstance(total, int), "totalResults is no integer")
    expect(not total or answer.resources, "Resources are missing")


@LISTS.must("RFC 7644 section 3.4.2", "A query without matches returns 200 and totalResults 0.")
def no_match_is_no_error(probe: Probe) -> None:
    probe.need("filter")
    answer = probe.get("/Users", filter=f'userName eq "{made_up()}"')
    expect_status(answer, 200)
    expect(
        answer.body.get("totalResults") == 0, f"totalResults is {answer.body.get('totalResults')}"
    )


@LISTS.must("RFC 7644 section 3.4.2.4", "A list returns at most count results.")
def count_bounds(probe: Probe) -> None:
    answer = probe.get("/Users", count="1")
    expect_status(answer, 200)
    expect(len(answer.resources) <= 1, f"{len(answer.resources)} came")


@LISTS.must(
    "RFC 7644 section 3.4.2.4", "A count of 0, or a negative count, returns only totalResults."
)
def count_may_be_nothing(probe: Probe) -> None:
    for count in ("0", "-1"):
        answer = probe.get("/Users", count=count)
        expect_status(answer, 200)
        expect(not answer.resources, f"count={count}: resources came")
        expect(isinstance(answer.body.get("totalResults"), int), "totalResults is missing")


@LISTS.must("RFC 7644 section 3.4.2.4", "A startIndex below 1 counts as 1.")
def start_index_begins_at_one(probe: Probe) -> None:
    answer = probe.get("/Users", startIndex="-3", count="1")
    expect_status(answer, 200)
    start_index = answer.body.get("startIndex", 1)
    expect(start_index == 1, f"startIndex is {start_index}")


@LISTS.must("RFC 7644 section 3.4.2", "A page of the results has startIndex and itemsPerPage.")
def parts_say_where_they_are(probe: Probe) -> None:
    probe.need_users(2)
    answer = probe.get("/Users", count="1", startIndex="1")
    for name in ("startIndex", "itemsPerPage"):
        expect(isinstance(answer.body.get(name), int), f"{name} is missing")


@LISTS.must("RFC 7644 section 3.4.2.2", "An invalid filter is 400 invalidFilter.")
def filters_are_checked(probe: Probe) -> None:
    probe.need("filter")
    for text in ('userName xx "a"', "userName eq", '(userName eq "a"', 'userName eq "a" and'):
        expect_error(probe.get("/Users", filter=text), 400, "invalidFilter")


@LISTS.must(
    "RFC 7644 section 3.4.2.2", "Attribute names and operators in filters are case-insensitive."
)
def filters_have_no_case(probe: Probe) -> None:
    probe.need("filter")
    for text in (
        f'USERNAME EQ "{made_up()}"',
        f'{USER.upper()}:userName eq "{made_up()}"',
        "username PR",
    ):
        expect_status(probe.get("/Users", filter=text, count="1"), 200)


@LISTS.must(
    "RFC 7644 section 3.4.2.2", "All operators, and, or, not and round brackets are supported."
)
def operators_are_known(probe: Probe) -> None:
    probe.need("filter")
    texts = [
        f'userName {operator} "{made_up()}"'
        for operator in ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
    ]
    texts += [
        "userName pr",
        'not (userName eq "a")',
        'userName eq "a" or (userName eq "b" and title pr)',
    ]
    texts += ['meta.lastModified gt "2011-05-13T04:42:34Z"']
    for text in texts:
        expect_status(probe.get("/Users", filter=text, count="1"), 200)


@LISTS.must(
    "RFC 7644 section 3.4.2.2",
    "A filter with square brackets is supported, or refused with 400 invalidFilter.",
)
def values_are_filtered(probe: Probe) -> None:
    probe.need("filter")
    answer = probe.get("/Users", filter='emails[type eq "work" and value co "@"]', count="1")
    if answer.status != 200:
        expect_error(answer, 400, "invalidFilter")


@LISTS.must("RFC 7644 section 3.4.2.3", "sortOrder is ascending by default, and can be descending.")
def lists_are_sorted(probe: Probe) -> None:
    probe.need("sort")
    ascending = probe.get("/Users", sortBy="userName", count="50")
    descending = probe.get("/Users", sortBy="userName", sortOrder="descending", count="50")
    expect_status(ascending, 200)
    expect_status(descending, 200)
    names = [str(user.get("userName", "")).lower() for user in ascending.resources]
    expect(names == sorted(names), "the names are not ascending")
    names = [str(user.get("userName", "")).lower() for user in descending.resources]
    expect(names == sorted(names, reverse=True), "the names are not descending")


@LISTS.must(
    "RFC 7643 section 7",
    "Attributes that are never returned, such as a password, are in no response.",
)
def passwords_stay(probe: Probe) -> None:
    for parameters in ({}, {"attributes": "password"}):
        for user in probe.get("/Users", count="20", **parameters).resources:
            expect("password" not in {name.lower() for name in user}, "there is a password")


@LISTS.must(
    "RFC 7643 section 3.1", "Resources have schemas, id and meta with resourceType and location."
)
def resources_have_common_attributes(probe: Probe) -> None:
    probe.need_users(1)
    users = probe.get("/Users", count="5").resources
    for user in users:
        expect(USER in schemas_in(user), "the schema is not among schemas")
        expect(isinstance(user.get("id"), str) and user["id"] != "bulkId", "there is no id")
        meta = user.get("meta") or {}
        expect(
            meta.get("resourceType") == "User", f"meta.resourceType is {meta.get('resourceType')}"
        )
        expect(meta.get("location"), "meta.location is missing")


@LISTS.must(
    "RFC 7644 section 3.9",
    "attributes returns the named attributes and those that are always returned.",
)
def attributes_are_chosen(probe: Probe) -> None:
    for user in probe.get("/Users", count="5", attributes="userName").resources:
        names = set(user) - {"schemas", "id", "meta"}
        expect("id" in user, "id is missing")
        expect(names <= {"userName"}, f"{sorted(names)} came")


@LISTS.must(
    "RFC 7644 section 3.9",
    "excludedAttributes has no effect on attributes that are always returned.",
)
def id_is_always_returned(probe: Probe) -> None:
    for user in probe.get("/Users", count="5", excludedAttributes="id,userName").resources:
        expect("id" in user, "id is missing")


@LISTS.should("RFC 7644 section 3.4.3", "A search by POST returns the same as the GET.")
def searches_by_post(probe: Probe) -> None:
    urn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
    answer = probe.send("POST", "/Users/.search", {"schemas": [urn], "count": 1})
    expect_status(answer, 200)
    expect(LIST in schemas_in(answer.body), "it is no ListResponse")


@LISTS.must(
    "RFC 7644 section 3.11", "A response for /Me has the location of the resource in Location."
)
def me_is_located(probe: Probe) -> None:
    answer = probe.get("/Me")
    expect_status(answer, 200, 308, 403, 404, 501)
    if answer.status not in (200, 308):
        raise NotTried(f"/Me is {answer.status} for these credentials")
    location = answer.headers.get("location")
    expect(location, "there is no Location")
    if answer.status == 200:
        meta_location = (answer.body.get("meta") or {}).get("location")
        expect(location == meta_location, f"Location is {location}, meta.location {meta_location}")


@LISTS.must(
    "RFC 7644 section 3.10",
    "Attributes can be named with the URN of their schema; the case has no meaning.",
)
def names_have_urns(probe: Probe) -> None:
    probe.need_users(1)
    for user in probe.get("/Users", count="5", attributes=f"{USER}:USERNAME".upper()).resources:
        expect(user.get("userName"), "userName did not come")


@LISTS.should("RFC 7644 section 3.4.2.4", "startIndex continues after the previous page.")
def pages_follow(probe: Probe) -> None:
    probe.need_users(2)
    first = probe.get("/Users", count="1", startIndex="1")
    second = probe.get("/Users", count="1", startIndex="2")
    expect(first.resources[:1] != second.resources[:1], "the same user came twice")
