"""`python -m local.tools.openapi`: writes or compares the OpenAPI documents in docs/openapi.

There is one for each profile, and `admin` for the Admin API. `check` also compares them with the routes of
template.yaml and the table of permissions.
"""

import json
import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from local import template as templates
from local.template import TEMPLATE
from scim.permission import Permissions
from scim.profile.shipped import names, profile_or_default
from scim.schema.loading import catalogue_of
from scim.service.administration.openapi import administration_openapi
from scim.service.endpoint import Bounds
from scim.service.openapi.document import openapi

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "openapi"


ADMIN = "admin"
MOUNT = "/scim/v2"


def text_of(name: str) -> str:
    """Return the document of a shipped profile with the default limits, or the Admin API's, indented."""
    if name == ADMIN:
        return _indented(administration_openapi())
    profile = profile_or_default(name)
    document = openapi(profile, catalogue_of(profile), Permissions.shipped(), Bounds())
    return _indented(document)


def stale() -> list[str]:
    """Return the names of documents in the folder that differ from the served ones."""
    return [name for name in (*names(), ADMIN) if _committed(name) != text_of(name)]


OUTSIDE = {
    "/": "the root of the API without its mount",
    "/{proxy+}": "all other paths: without the mount, with a tenant in front, of types that tenants declare",
    "/health": "for monitoring; needs no token",
    "/openapi.json": "the document itself; needs no token",
    "/oauth2/token": "RFC 6749; its metadata (RFC 8414) describes it",
    "/oauth2/jwks": "RFC 7517; the metadata names it",
    "/scim/jwks": "RFC 7517; the issuer of each event names it",
    "/.well-known/oauth-authorization-server": "RFC 8414: the metadata itself",
    "/setup": "pages",
    "/setup/{proxy+}": "pages, and the requests that they send",
    "/console": "pages",
    "/console/{proxy+}": "pages, and the requests that they send",
}
"""Paths of template.yaml that are in no tenant's document, and why."""
WIDEST = "default+groupMembers"
"""The profile that serves every shipped type with its own route."""


def described() -> set[str]:
    """Return the paths in the document of the widest profile, below the mount."""
    profile = profile_or_default(WIDEST)
    document = openapi(profile, catalogue_of(profile), Permissions.shipped(), Bounds())
    paths = document["paths"]
    return set(paths) if isinstance(paths, dict) else set()


def undescribed(paths: AbstractSet[str]) -> list[str]:
    """Return the paths of template.yaml and rows of permissions that are not in `paths`."""
    template = templates.read(TEMPLATE, parameters={"TokenEndpoint": "true"})
    routed_paths = set(template.properties_of("Api")["Body"]["paths"])
    served = {path.removeprefix(MOUNT) or "/" for path in routed_paths if path.startswith(MOUNT)}
    rows = Permissions.shipped().rows
    expected = {row.replace("{type}", endpoint) for row in rows for endpoint in ("Users", "Groups")}
    elsewhere = {path for path in routed_paths - OUTSIDE.keys() if not path.startswith(MOUNT)}
    return sorted((served | expected) - paths | elsewhere)


def unrouted(paths: AbstractSet[str]) -> list[str]:
    """Return those of the paths that have no row in the table of permissions, so that nobody can use them."""
    rows = Permissions.shipped().rows
    permitted = {
        row.replace("{type}", endpoint) for row in rows for endpoint in ("Users", "Groups")
    }
    return sorted(paths - permitted)


def main(arguments: Sequence[str]) -> int:
    """Write the documents; with `check` return 1 if one would change."""
    if list(arguments) == ["check"]:
        if faults := stale():
            print(f"docs/openapi differs from what is served for {', '.join(faults)}: make openapi")
            return 1
        paths = described()
        if faults := [*undescribed(paths), *unrouted(paths)]:
            print(f"Served but not described, or described but not served: {', '.join(faults)}")
            return 1
        print("The OpenAPI documents match what is served.")
        return 0
    FOLDER.mkdir(exist_ok=True)
    for name in (*names(), ADMIN):
        (FOLDER / f"{name}.json").write_text(text_of(name), "utf-8")
    return 0


def _indented(document: dict[str, object]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _committed(name: str) -> str:
    path = FOLDER / f"{name}.json"
    return path.read_text("utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
