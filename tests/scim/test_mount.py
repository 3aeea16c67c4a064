"""A tenant may stand before the mount; what the gateway cut off or matched itself does not count."""

from typing import Any

import pytest

from scim.mount import tenant_in


@pytest.mark.parametrize(
    ("event", "tenant"),
    [
        ({"resource": "/scim/v2/Users", "path": "/scim/v2/Users"}, None),
        ({"resource": "/scim/v2/Users", "path": "/base/scim/v2/Users"}, None),
        ({"resource": "/{proxy+}", "path": "/scim/v2/Robots"}, None),
        ({"resource": "/{proxy+}", "path": "/acme/scim/v2/Users"}, "acme"),
        (
            {
                "resource": "/{proxy+}",
                "path": "/base/acme/scim/v2/Users",
                "pathParameters": {"proxy": "acme/scim/v2/Users"},
            },
            "acme",
        ),
        ({"resource": "/{proxy+}", "path": "/a/b/scim/v2/Users"}, "a/b"),
        ({"resource": "/{proxy+}", "path": "/%61cme/scim/v2"}, "%61cme"),
        ({"resource": "/{proxy+}", "path": "/elsewhere"}, None),
        ({"resource": "/", "path": "/"}, None),
        ({}, None),
    ],
)
def test_what_stands_before_the_mount_is_the_tenant(
    event: dict[str, Any], tenant: str | None
) -> None:
    assert tenant_in(event) == tenant
