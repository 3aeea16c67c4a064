"""The endpoints of the resource types, read without what it takes to serve them."""

import json
from functools import cache
from importlib.resources import files

from scim.profile import Profile

USUAL = Profile().resource_types


@cache
def endpoint_segments(types: tuple[str, ...] = USUAL) -> tuple[str, ...]:
    """Return the path segments of shipped types, such as `Users`, by the names of their documents.

    The catalogue has them too, but it reads and checks every schema, which is in front of
    every request here.
    """
    place = files("scim") / "definitions" / "resource_types"
    found = ((place / f"{name}.json").read_text("utf-8") for name in types)
    return tuple(sorted(str(json.loads(each)["endpoint"]).removeprefix("/") for each in found))
