"""`python -m local.tools.openapi`: the OpenAPI documents in docs/openapi, written or compared.

There is one for each profile, and `admin` of the Admin API.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from scim.permission import Permissions
from scim.profile.shipped import names, settled
from scim.schema.loading import catalogue_of
from scim.service.administration.openapi import administration_openapi
from scim.service.endpoint import Bounds
from scim.service.openapi.document import openapi

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "openapi"


ADMIN = "admin"


def text_of(name: str) -> str:
    """Return the document of a shipped profile with the default limits, or the Admin API's, indented."""
    if name == ADMIN:
        return _indented(administration_openapi())
    profile = settled(name)
    described = openapi(profile, catalogue_of(profile), Permissions.shipped(), Bounds())
    return _indented(described)


def stale() -> list[str]:
    """Return the names whose document in the folder is not what is served."""
    return [name for name in (*names(), ADMIN) if _committed(name) != text_of(name)]


def main(arguments: Sequence[str]) -> int:
    """Write the documents; with `check` return 1 where one would change."""
    if list(arguments) == ["check"]:
        if found := stale():
            print(f"docs/openapi is not what is served to {', '.join(found)}: make openapi")
            return 1
        print("The OpenAPI documents are what is served.")
        return 0
    FOLDER.mkdir(exist_ok=True)
    for name in (*names(), ADMIN):
        (FOLDER / f"{name}.json").write_text(text_of(name), "utf-8")
    return 0


def _indented(described: dict[str, object]) -> str:
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _committed(name: str) -> str:
    path = FOLDER / f"{name}.json"
    return path.read_text("utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
