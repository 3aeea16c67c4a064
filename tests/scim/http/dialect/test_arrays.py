"""A list without an envelope is complete or refused."""

from dataclasses import replace

import pytest

from scim.errors import InvalidCursor, TooMany
from scim.http.dialect.answers import require_all, wanting_all
from scim.profile import Profile
from scim.profile.parts import Wire
from scim.service.endpoint import Bounds
from scim.service.messages import Listing, Query
from tests.fakes.endpoint import FakeDeployment

PROFILE = Profile(wire=Wire(bare_lists=frozenset({"/Groups"})))
DEPLOYMENT = FakeDeployment(profile=PROFILE, bounds=Bounds(page_size=2, max_page_size=5))
SOME = Listing(({}, {}), 3, 1)


def test_a_query_without_paging_asks_for_everything() -> None:
    assert wanting_all(DEPLOYMENT.endpoint("Group"), Query()).count == 5


@pytest.mark.parametrize(
    ("type_name", "query"),
    [
        ("User", Query()),
        ("Group", Query(count=1)),
        ("Group", Query(start_index=2)),
        ("User", Query(cursor="")),
    ],
    ids=["framed", "count", "startIndex", "cursor of a framed list"],
)
def test_other_queries_stay_as_they_are(type_name: str, query: Query) -> None:
    endpoint = DEPLOYMENT.endpoint(type_name)
    assert wanting_all(endpoint, query) is query
    require_all(endpoint, query, SOME)


def test_an_array_that_would_lack_some_is_refused() -> None:
    endpoint = DEPLOYMENT.endpoint("Group")
    with pytest.raises(TooMany, match="There are 3 resources"):
        require_all(endpoint, Query(), SOME)
    require_all(endpoint, Query(), replace(SOME, total=2))


def test_an_array_has_no_place_for_the_next_cursor() -> None:
    with pytest.raises(InvalidCursor, match="startIndex and count"):
        wanting_all(DEPLOYMENT.endpoint("Group"), Query(cursor=""))
