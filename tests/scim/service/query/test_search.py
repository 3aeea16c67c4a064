"""A query selects, orders and pages; totals are exact, and both forms of a list agree."""

from typing import Any

import pytest

from scim.errors import InvalidCursor, InvalidFilter, InvalidValue, TooMany
from scim.profile import Profile, Tolerance
from scim.profile.parts import Domains
from scim.service.endpoint import Bounds
from tests.fakes.endpoint import (
    ENTERPRISE_URN,
    GROUP_URN,
    LATER,
    STRICT,
    USER_URN,
    FakeDeployment,
    id_,
    names_in,
)
from tests.fakes.observed import ObservedDirectory

NAMES = ["dora", "anna", "carl", "bert", "emil"]


@pytest.fixture(name="deployment", scope="module")
def _deployment() -> FakeDeployment:
    """Five users with the ids 1 to 5, then two groups; the tests only read."""
    deployment = FakeDeployment()
    for number, name in enumerate(NAMES):
        deployment.user(
            name,
            externalId=f"x{number}",
            active=name != "carl",
            emails=[{"value": f"{name}@example.org", "type": "work", "primary": True}],
            **({"title": "Dr."} if name in ("anna", "emil") else {}),
            **{ENTERPRISE_URN: {"department": "Sales" if number % 2 else "IT"}},
        )
    deployment.group("Zebras", id_(1), id_(2))
    deployment.group("Apes", id_(2))
    return deployment


def test_without_a_query_all_come_in_the_order_of_their_ids(deployment: FakeDeployment) -> None:
    listing = deployment.search("User")
    assert [each["id"] for each in listing.resources] == [id_(n) for n in range(1, 6)]
    assert (listing.total, listing.start_index) == (5, 1)


def test_an_empty_tenant_is_an_empty_list(deployment: FakeDeployment) -> None:
    listing = deployment.search("User", tenant="nobody")
    assert (listing.resources, listing.total, listing.start_index) == ((), 0, 1)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"start_index": 1, "count": 2}, ["dora", "anna"]),
        ({"start_index": 2, "count": 2}, ["anna", "carl"]),
        ({"start_index": 5, "count": 2}, ["emil"]),
        ({"start_index": 6}, []),
        ({"start_index": 10**20}, []),
        ({"start_index": 0, "count": 1}, ["dora"]),
        ({"start_index": -7, "count": 1}, ["dora"]),
        ({"count": 0}, []),
        ({"count": -1}, []),
        ({"count": 10**20}, NAMES),
        ({}, NAMES),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", [{}, {"filter": "id pr"}], ids=["unfiltered", "filtered"])
def test_a_page_is_cut_from_the_whole(
    deployment: FakeDeployment, query: Any, names: list[str], form: Any
) -> None:
    listing = deployment.search("User", **query, **form)
    assert names_in(listing) == names
    assert listing.total == 5
    assert listing.start_index == max(query.get("start_index", 1), 1)


def test_the_pages_of_a_walk_are_the_whole(deployment: FakeDeployment) -> None:
    pages = [deployment.search("User", start_index=n, count=2) for n in (1, 3, 5)]
    assert [name for page in pages for name in names_in(page)] == NAMES


def test_a_client_that_names_no_count_gets_the_usual_page() -> None:
    deployment = FakeDeployment(bounds=Bounds(page_size=2, max_page_size=3))
    for name in NAMES:
        deployment.user(name)
    assert len(deployment.search("User").resources) == 2
    assert len(deployment.search("User", count=100).resources) == 3
    assert len(deployment.search("User", filter="id pr", count=100).resources) == 3


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        ('userName eq "anna"', ["anna"]),
        ('userName eq "ANNA"', ["anna"]),
        ('USERNAME EQ "anna"', ["anna"]),
        (f'{USER_URN}:userName eq "anna"', ["anna"]),
        ('userName eq "nobody"', []),
        (f'id eq "{id_(3)}"', ["carl"]),
        ('externalId eq "x1"', ["anna"]),
        ('externalId eq "X1"', []),
        ('emails.value eq "bert@example.org"', ["bert"]),
        ('emails[type eq "work" and value co "carl"]', ["carl"]),
        ('userName sw "a"', ["anna"]),
        ('userName co "r"', ["dora", "carl", "bert"]),
        ('userName ew "l"', ["carl", "emil"]),
        ('userName gt "carl"', ["dora", "emil"]),
        ("title pr", ["anna", "emil"]),
        ("not (title pr)", ["dora", "carl", "bert"]),
        ("active eq false", ["carl"]),
        ('userName eq "anna" or userName eq "emil"', ["anna", "emil"]),
        ('userName eq "anna" and active eq false', []),
        (f'{ENTERPRISE_URN}:department eq "it"', ["dora", "carl", "emil"]),
        (f'groups.value eq "{id_(6)}"', ["dora", "anna"]),
        (f'groups eq "{id_(7)}"', ["anna"]),
        ("groups pr", ["dora", "anna"]),
        (f'meta.location ew "{id_(5)}"', ["emil"]),
        ('meta.lastModified ge "2026-03-01T10:00:00Z"', NAMES),
        ('meta.lastModified gt "2026-03-01T10:00:00Z"', []),
    ],
)
def test_a_filter_selects_the_resources_that_match(
    deployment: FakeDeployment, filter_: str, names: list[str]
) -> None:
    listing = deployment.search("User", filter=filter_)
    assert (names_in(listing), listing.total) == (names, len(names))


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        (f'members.value eq "{id_(1)}"', ["Zebras"]),
        (f'members[value eq "{id_(2)}"]', ["Zebras", "Apes"]),
        (f'members eq "{id_(2)}" and displayName eq "apes"', ["Apes"]),
        (f'not (members.value eq "{id_(1)}")', ["Apes"]),
        (f'members.value eq "{id_(5)}"', []),
        ('members.value eq "nobody"', []),
        ("members pr", ["Zebras", "Apes"]),
    ],
)
def test_groups_are_found_by_their_members(
    deployment: FakeDeployment, filter_: str, names: list[str]
) -> None:
    assert names_in(deployment.search("Group", filter=filter_)) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"sort_by": "userName"}, ["anna", "bert", "carl", "dora", "emil"]),
        (
            {"sort_by": "userName", "sort_order": "descending"},
            ["emil", "dora", "carl", "bert", "anna"],
        ),
        (
            {"sort_by": "USERNAME", "sort_order": "Ascending"},
            ["anna", "bert", "carl", "dora", "emil"],
        ),
        ({"sort_by": "title"}, ["anna", "emil", "dora", "carl", "bert"]),
        (
            {"sort_by": "title", "sort_order": "descending"},
            ["bert", "carl", "dora", "emil", "anna"],
        ),
        ({"sort_by": "emails"}, ["anna", "bert", "carl", "dora", "emil"]),
        (
            {"sort_by": "userName", "filter": "active eq true", "start_index": 2, "count": 2},
            ["bert", "dora"],
        ),
        ({"sort_order": "descending"}, NAMES),
    ],
    ids=str,
)
def test_a_sorted_list_is_in_the_order_asked_for(
    deployment: FakeDeployment, query: Any, names: list[str]
) -> None:
    assert names_in(deployment.search("User", **query)) == names


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"sort_by": "shoeSize"}, "sortBy"),
        ({"sort_by": "name"}, "sortBy"),
        ({"sort_by": "password"}, "sortBy"),
        ({"sort_by": "groups"}, "sortBy"),
        ({"sort_by": "userName", "sort_order": "sideways"}, "sortOrder"),
    ],
    ids=str,
)
def test_an_order_that_makes_no_sense_is_refused(
    deployment: FakeDeployment, query: Any, detail: str
) -> None:
    with pytest.raises(InvalidValue, match=detail):
        deployment.search("User", **query)


@pytest.mark.parametrize(
    "filter_",
    [
        "",
        "userName",
        'userName eq "a',
        'userName is "a"',
        'shoeSize eq "44"',
        'password eq "t1meMa$heen"',
        "password pr",
        'active gt "true"',
        "(" * 21 + "id pr" + ")" * 21,
        " or ".join(["id pr"] * 101),
        'userName eq "' + "a" * 4096 + '"',
    ],
    ids=lambda filter_: filter_[:30] or "empty",
)
def test_a_filter_that_makes_no_sense_is_refused(deployment: FakeDeployment, filter_: str) -> None:
    with pytest.raises(InvalidFilter):
        deployment.search("User", filter=filter_)


def test_a_dialect_in_a_filter_is_reported(deployment: FakeDeployment) -> None:
    listing = deployment.search("User", filter='active eq "False"')
    assert names_in(listing) == ["carl"]
    assert listing.tolerated == {Tolerance.STRING_BOOLEAN}


@pytest.mark.parametrize("filter_", ['active eq "False"', "userName eq anna"])
def test_the_same_is_refused_by_a_profile_without_tolerances(filter_: str) -> None:
    with pytest.raises(InvalidFilter):
        FakeDeployment(profile=STRICT).search("User", filter=filter_)


def test_a_list_shows_what_a_single_answer_shows(deployment: FakeDeployment) -> None:
    for type_name in ("User", "Group"):
        for shown in deployment.search(type_name).resources:
            assert shown == deployment.shown(type_name, str(shown["id"]))


@pytest.mark.parametrize(
    ("projection", "shown"),
    [
        ({"attributes": ("userName",)}, {"schemas", "id", "userName"}),
        ({"attributes": ("emails.value",)}, {"schemas", "id", "emails"}),
        ({"attributes": ("groups",)}, {"schemas", "id", "groups"}),
        ({"attributes": (f"{ENTERPRISE_URN}:department",)}, {"schemas", "id", ENTERPRISE_URN}),
        (
            {"excluded_attributes": ("emails", "groups", "meta", ENTERPRISE_URN, "id")},
            {"schemas", "id", "externalId", "userName", "active", "title"},
        ),
    ],
    ids=lambda held: str(sorted(held)),
)
def test_a_list_is_projected(deployment: FakeDeployment, projection: Any, shown: set[str]) -> None:
    (anna,) = deployment.search("User", filter='userName eq "anna"', **projection).resources
    assert set(anna) == shown


def test_attributes_win_over_excluded_attributes(deployment: FakeDeployment) -> None:
    both = deployment.search("User", attributes=("title",), excluded_attributes=("title",))
    assert both == deployment.search("User", attributes=("title",))


def test_the_root_lists_type_after_type(deployment: FakeDeployment) -> None:
    listing = deployment.search("Group", "User")
    assert names_in(listing) == ["Zebras", "Apes", *NAMES]
    assert listing.total == 7


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"start_index": 2, "count": 2}, ["Apes", "dora"]),
        ({"start_index": 3, "count": 1}, ["dora"]),
        ({"start_index": 7}, ["emil"]),
        ({"start_index": 8}, []),
        ({"count": 0}, []),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", [{}, {"filter": "id pr"}], ids=["unfiltered", "filtered"])
def test_a_page_of_the_root_goes_across_types(
    deployment: FakeDeployment, query: Any, names: list[str], form: Any
) -> None:
    listing = deployment.search("Group", "User", **query, **form)
    assert (names_in(listing), listing.total) == (names, 7)


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        ('displayName eq "apes"', ["Apes"]),
        ('userName eq "anna"', ["anna"]),
        ('userName eq "anna" or displayName eq "zebras"', ["Zebras", "anna"]),
        ('meta.resourceType eq "Group"', ["Zebras", "Apes"]),
        ('externalId eq "x1"', ["anna"]),
        ("title pr or members pr", ["Zebras", "Apes", "anna", "emil"]),
    ],
)
def test_a_filter_at_the_root_takes_the_attributes_of_every_type(
    deployment: FakeDeployment, filter_: str, names: list[str]
) -> None:
    listing = deployment.search("Group", "User", filter=filter_)
    assert (names_in(listing), listing.total) == (names, len(names))


def test_an_attribute_no_type_has_is_refused_at_the_root(deployment: FakeDeployment) -> None:
    with pytest.raises(InvalidFilter, match="shoeSize"):
        deployment.search("Group", "User", filter="shoeSize pr")


def test_the_root_is_sorted_across_types(deployment: FakeDeployment) -> None:
    """What has no value comes last, the other types' resources in the order of their ids."""
    listing = deployment.search("Group", "User", sort_by="displayName")
    assert names_in(listing) == ["Apes", "Zebras", *NAMES]
    listing = deployment.search("Group", "User", sort_by="userName")
    assert names_in(listing) == [*sorted(NAMES), "Zebras", "Apes"]


def test_the_root_is_projected_for_each_type(deployment: FakeDeployment) -> None:
    listing = deployment.search(
        "Group",
        "User",
        filter='displayName eq "apes" or userName eq "anna"',
        attributes=("members", "title"),
    )
    group, user = listing.resources
    assert (set(group), group["schemas"]) == ({"schemas", "id", "members"}, [GROUP_URN])
    assert (set(user), user["title"]) == ({"schemas", "id", "title"}, "Dr.")


def test_another_tenants_resources_are_never_in_a_list() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", tenant="other", emails=[{"value": "a@example.org"}])
    group = deployment.group("All", anna, tenant="other")
    for filter_ in (
        None,
        "id pr",
        f'id eq "{anna}"',
        'userName eq "anna"',
        'emails.value eq "a@example.org"',
        f'groups.value eq "{group}"',
    ):
        listing = deployment.search("User", filter=filter_)
        assert (listing.resources, listing.total) == ((), 0)
    assert deployment.search("Group", filter=f'members.value eq "{anna}"').total == 0


def test_a_change_is_found_by_its_time() -> None:
    deployment = FakeDeployment()
    deployment.user("anna")
    bert = deployment.user("bert")
    deployment.clock.time = LATER
    deployment.modify("User", bert, {"op": "add", "path": "title", "value": "Dr."})
    listing = deployment.search("User", filter='meta.lastModified gt "2026-03-01T10:10:00Z"')
    assert names_in(listing) == ["bert"]


@pytest.mark.parametrize(
    "query",
    [
        {"filter": "title pr"},
        {"filter": 'userName co "a"'},
        {"filter": 'userName ne "anna"'},
        {"sort_by": "userName"},
    ],
    ids=str,
)
def test_a_query_that_would_read_too_much_is_refused(query: Any) -> None:
    deployment = FakeDeployment(bounds=Bounds(scanned=3))
    for name in NAMES[:3]:
        deployment.user(name)
    deployment.search("User", **query)
    deployment.user("emil")
    with pytest.raises(
        TooMany, match="more than 3 items of User; narrow it by one of: id, userName"
    ):
        deployment.search("User", **query)


def test_a_query_an_index_answers_reads_little_however_many_there_are() -> None:
    deployment = FakeDeployment(bounds=Bounds(scanned=3))
    for name in NAMES:
        deployment.user(name)
    assert names_in(deployment.search("User", filter='userName eq "emil"')) == ["emil"]
    assert deployment.search("User", count=2).total == 5


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ({}, 2),
        ({"count": 0}, 1),
        ({"count": 10**9}, 2),
        ({"filter": 'userName eq "user7"'}, 2),
        ({"filter": 'externalId eq "x7"'}, 2),
        ({"filter": 'emails.value eq "nobody@example.org"'}, 1),
        ({"filter": "title pr"}, 1),
        ({"sort_by": "userName"}, 3),
        ({"sort_by": "title"}, 3),
        ({"start_index": 10**9}, 3),
        ({"cursor": ""}, 2),
        ({"cursor": "", "filter": 'userName sw "user"'}, 2),
    ],
    ids=str,
)
def test_a_list_asks_little_of_the_store_however_long_it_is(query: Any, most: int) -> None:
    """Keycloak #46705: a list without pages, and a read for each of its users."""
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    for n in range(100):
        deployment.user(f"user{n}", externalId=f"x{n}")
    directory.asked.clear()
    deployment.search("User", **query)
    assert len(directory.asked) <= most, directory.asked


def test_a_domain_narrows_each_type_by_its_own_names_and_is_a_walk_of_its_own() -> None:
    domains = Domains(names={"User": ("userName",), "Group": ("displayName",)})
    deployment = FakeDeployment(profile=Profile(domains=domains))
    for name in ("TEST/anna", "TEST/bert", "carl"):
        deployment.user(name)
    deployment.group("TEST/staff")
    deployment.group("staff")

    def names(**query: Any) -> list[object]:
        found = deployment.search("User", "Group", **query)
        return [each.get("userName", each.get("displayName")) for each in found.resources]

    assert names(domain="TEST") == ["TEST/anna", "TEST/bert", "TEST/staff"]
    assert names(domain="PRIMARY") == ["carl", "staff"]
    assert names(domain="TEST", start_index=3) == ["TEST/staff"]
    assert names(start_index=3) == ["carl", "TEST/staff", "staff"]
    first = deployment.search("User", domain="TEST", cursor="", count=1)
    with pytest.raises(InvalidCursor):
        deployment.search("User", domain="PRIMARY", cursor=first.next_cursor, count=1)
