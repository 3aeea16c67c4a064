"""The attributes that have come, with a value of each."""

from scim.http.console.setup.review import attributes_of

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def test_an_attribute_is_counted_once_a_resource_and_shows_its_first_value() -> None:
    found = attributes_of(
        [
            {
                "id": "1",
                "meta": {"version": "1"},
                "schemas": ["x"],
                "userName": "kim",
                "active": False,
                "emails": [{"value": "a@example.com"}, {"value": "b@example.com"}],
                ENTERPRISE: {"department": "Tours", "manager": {"value": "2"}},
            },
            {"id": "2", "userName": "lee", "emails": [], "nickName": None},
        ]
    )
    assert found == [
        {"attribute": "active", "filled": 1, "of": 2, "sample": "false"},
        {"attribute": "emails.value", "filled": 1, "of": 2, "sample": "a@example.com"},
        {"attribute": f"{ENTERPRISE}:department", "filled": 1, "of": 2, "sample": "Tours"},
        {"attribute": f"{ENTERPRISE}:manager.value", "filled": 1, "of": 2, "sample": "2"},
        {"attribute": "userName", "filled": 2, "of": 2, "sample": "kim"},
    ]


def test_a_long_value_is_cut() -> None:
    (only,) = attributes_of([{"displayName": "x" * 1000}])
    assert only["sample"] == "x" * 80
