"""The tenant may be in the path before the mount."""

from typing import Any

import pytest

from scim.mount import MOUNT, as_spelt, mounted, split_at_mount, tenant_in


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
def test_the_path_segment_before_the_mount_is_the_tenant(
    event: dict[str, Any], tenant: str | None
) -> None:
    assert tenant_in(event, (MOUNT,)) == tenant


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/scim/v2/Users/1", ("", "/scim/v2", "/Users/1")),
        ("/prod/scim/v2", ("/prod", "/scim/v2", "")),
        ("/acme/scim/v2/scim/v2/Me", ("/acme", "/scim/v2", "/scim/v2/Me")),
        ("/scim/v20/scim/v2/Me", ("/scim/v20", "/scim/v2", "/Me")),
        ("/scim/v20/Users", None),
        ("/", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("mounts", [(MOUNT,), (MOUNT, "/t/{tenant}/scim2")])
def test_a_path_is_parted_at_its_mount(
    path: str, parts: tuple[str, str, str] | None, mounts: tuple[str, ...]
) -> None:
    assert split_at_mount(path, mounts) == parts


def test_a_tenants_place_in_a_mount_is_part_of_it() -> None:
    assert split_at_mount("/a/t/x/scim2/Users", ("/t/{tenant}/scim2",)) == (
        "/a",
        "/t/x/scim2",
        "/Users",
    )


MOUNTS = ("/scim/v2", "/identity/restv1/scim/v2", "/v2", "/scim2", "/t/{tenant}/scim2")


@pytest.mark.parametrize(
    ("path", "tenant", "mount"),
    [
        ("/acme/identity/restv1/scim/v2/Users", "acme", "/identity/restv1/scim/v2"),
        ("/identity/restv1/scim/v2/Users", None, "/identity/restv1/scim/v2"),
        ("/acme/scim/v2/v2/Users", "acme", "/scim/v2"),
        ("/acme/v2", "acme", "/v2"),
        ("/t/acme/scim2/Users", "acme", "/t/acme/scim2"),
        ("/acme/scim2/Users", "acme", "/scim2"),
        ("/scim2/Users/scim2", None, "/scim2"),
        ("/t/scim2/Users", "t", "/scim2"),
        ("/acme/scim22/Users", None, None),
    ],
)
def test_the_first_mount_in_the_path_counts(
    path: str, tenant: str | None, mount: str | None
) -> None:
    found = mounted(path, MOUNTS)
    assert (found and found[0]) == mount
    assert tenant_in({"resource": "/{proxy+}", "path": path}, MOUNTS) == tenant


def test_mounts_are_spelt_as_the_path_spells_them() -> None:
    assert as_spelt("/acme/SCIM/V2/Users", ("/scim/v2", "/t/{tenant}")) == (
        "/SCIM/V2",
        "/t/{tenant}",
    )
