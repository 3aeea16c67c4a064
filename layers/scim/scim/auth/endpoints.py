"""The endpoints of the resource types, read without what it takes to serve them."""

import json
from functools import cache
from importlib.resources import files


@cache
def endpoint_segments() -> tuple[str, ...]:
    """Return the shipped types' path segments, such as `Users`.

    The catalogue has them too, but it reads and checks every schema, which is in front of
    every request here.
    """
    found = (files("scim") / "definitions" / "resource_types").iterdir()
    return tuple(
        sorted(
            str(json.loads(each.read_text("utf-8"))["endpoint"]).removeprefix("/")
            for each in found
            if each.name.endswith(".json")
        )
    )
