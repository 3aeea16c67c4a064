"""Discovery as a vendor's document has it, answered as it is (`Profile.discovery`)."""

import json
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

from scim.errors import NotFound
from scim.http.endpoints.discovery import require_plain_get
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply, json_text

_LISTED = "resources"


def documented_routes(name: str) -> dict[str, Route]:
    """Return the routes of a document below `definitions/discovery`: its paths, and what they list.

    An array, and what stands under `resources`, can be read by id too.
    """
    routes: dict[str, Route] = {}
    for path, content in _document(name).items():
        routes[path] = partial(_whole, json_text(content))
        found = content.get(_LISTED) if isinstance(content, dict) else content
        if isinstance(found, list):
            texts = {each["id"].lower(): json_text(each) for each in found}
            routes[f"{path}/<name>"] = partial(_one, texts)
    return routes


def _whole(text: str, request: Request) -> Reply:
    require_plain_get(request)
    return Reply(200, raw=text)


def _one(found: Mapping[str, str], request: Request, name: str) -> Reply:
    require_plain_get(request)
    if name.lower() not in found:
        raise NotFound("There is nothing with this name.")
    return Reply(200, raw=found[name.lower()])


@cache
def _document(name: str) -> dict[str, Any]:
    place = files("scim") / "definitions" / "discovery" / f"{name}.json"
    document: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return document
