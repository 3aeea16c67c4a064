"""The paths of operations, as clients write them."""

import pytest

from scim.profile.shipped import shipped
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.path import Paths

BASE = "https://scim.example/acme/scim/v2"
PATHS = Paths.of(BASE, shipped_catalogue(), shipped("default"))
EXACT = Paths.of(BASE, shipped_catalogue(), shipped("rfc"))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/Users", ("Users", None)),
        ("Users/1/", ("Users", "1")),
        (f"{BASE}/Users/1", ("Users", "1")),
        ("/acme/scim/v2/Users/1", ("Users", "1")),
        ("/users/a%20b", ("Users", "a b")),
        ("/Users/a%3Fb", ("Users", "a?b")),
        ("/groups/bulkId:a?b/c%20d", ("Groups", "bulkId:a?b/c%20d")),
        (
            "https://other.example/scim/v2/Users/1",
            ("https:", "/other.example/scim/v2/Users/1"),
        ),
        ("/other/scim/v2/Users", ("other", "scim/v2/Users")),
        ("/acme/scim/v2Users", ("acme", "scim/v2Users")),
        ("", ("", None)),
    ],
)
def test_a_path_is_below_the_root_of_the_service(path: str, place: tuple[str, str | None]) -> None:
    assert PATHS.segment_and_id(path) == place


def test_an_endpoint_is_known_in_lower_case_only_where_that_is_tolerated() -> None:
    assert EXACT.segment_and_id("/users/1") == ("users", "1")
    assert PATHS.segment_and_id("/USERS/1") == ("USERS", "1")


def test_without_a_root_a_path_is_read_as_it_is() -> None:
    assert Paths().segment_and_id(f"{BASE}/Users")[0] == "https:"
    assert Paths().segment_and_id("/scim/v2/Users") == ("scim", "v2/Users")
