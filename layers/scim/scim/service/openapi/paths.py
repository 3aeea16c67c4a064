"""The paths of one tenant's API with their operations: what permissions and profile leave of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scim.permission import Permissions
from scim.profile import Profile
from scim.profile.parts import EVERY
from scim.schema.resource_type import ResourceType
from scim.service.openapi.schemas import TEXT, WHOLE, YES_NO, JsonSchema, named, written

MEDIA_TYPE = "application/scim+json"
_ALWAYS = (400, 401, 403, 404, 405, 413, 429, 500, 503)
"""What any request may be refused with: it cannot be read, its caller is not known or may not do it,
its tenant may not have the path or the method, it is too large, one of too many, or we failed."""
_WRITING = ("POST", "PUT", "PATCH", "DELETE")
_PRECONDITIONS = {
    "GET": "If-None-Match",
    "PUT": "If-Match",
    "PATCH": "If-Match",
    "DELETE": "If-Match",
}


@dataclass(frozen=True, slots=True)
class Path:
    """A path and, by method, what it is for, takes and answers.

    `item` is the name of the schema of what is there; lists are of it. What a POST makes is served
    below the path, with the methods of `makes`.
    """

    rule: str
    summaries: Mapping[str, str]
    item: str
    lists: str = ""
    tag: str = ""
    makes: tuple[str, ...] = ()


def type_paths(profile: Profile, types: tuple[ResourceType, ...]) -> Iterator[Path]:
    """Yield the paths of resource types."""
    for each in types:
        name, endpoint = each.name, each.endpoint
        changes = {} if each.edges_of else {"PUT": "Replace", "PATCH": "Modify"}
        verbs = {"GET": "Read", **changes, "DELETE": "Delete"}
        kept = tuple(verb for verb in verbs if verb in _methods(profile, endpoint, tuple(verbs)))
        makes = {"GET": f"List {name}", "POST": f"Create a {name}"}
        yield Path(endpoint, makes, name, f"{name}List", name, kept)
        yield Path(f"{endpoint}/.search", {"POST": f"Search {name}"}, name, f"{name}List", name)
        told = {method: f"{verb} a {name}" for method, verb in verbs.items()}
        yield Path(f"{endpoint}/{{id}}", told, name, tag=name)


def other_paths(profile: Profile, me: str) -> Iterator[Path]:
    """Yield the paths beside those of resource types; `me` says whether `/Me` is there."""
    yield Path("/", {"GET": "Query all types"}, "AnyResource", "AnyList", "Search")
    yield Path("/.search", {"POST": "Search all types"}, "AnyResource", "AnyList", "Search")
    if (profile.auth.me or me) != "off":
        creates = {"POST": "Create the caller's own resource"}
        told = {
            **(creates if (profile.auth.me or me) == "create" else {}),
            "GET": "Read the caller's own resource",
            "PUT": "Replace the caller's own resource",
            "PATCH": "Modify the caller's own resource",
            "DELETE": "Delete the caller's own resource",
        }
        yield Path("/Me", told, "User", tag="Me")
    yield Path("/Bulk", {"POST": "Do many operations"}, "BulkResponse", tag="Bulk")
    jobs = {"GET": "List jobs", "POST": "Declare an import or export"}
    yield Path("/Jobs", jobs, "AnyResource", "AnyList", "Jobs")
    job = {"GET": "Read a job", "DELETE": "End a job early"}
    yield Path("/Jobs/{id}", job, "AnyResource", tag="Jobs")
    yield Path("/Jobs/{id}/Result", {"GET": "Read the result of a job"}, "AnyResource", tag="Jobs")
    start = {"POST": "Start an import whose file is uploaded"}
    yield Path("/Jobs/{id}/Start", start, "AnyResource", tag="Jobs")
    own = {"GET": "Read the tenant's own schemas and types", "PUT": "Replace them"}
    yield Path("/Definitions", own, "AnyResource", tag="Definitions")
    old = {"GET": "Read a version of the tenant's own schemas and types"}
    yield Path("/Definitions/{id}", old, "AnyResource", tag="Definitions")
    for name in ("ServiceProviderConfig", "Schemas", "ResourceTypes"):
        lists = "" if name == "ServiceProviderConfig" else "AnyList"
        # A vendor's document may be an array.
        item = "Anything" if profile.discovery else lists or "AnyResource"
        yield Path(f"/{name}", {"GET": f"Read {name}"}, item, tag="Discovery")
        if lists:
            yield Path(
                f"/{name}/{{id}}", {"GET": f"Read one of {name}"}, "Anything", tag="Discovery"
            )
    yield Path("/openapi.json", {"GET": "Read this document"}, "Anything", tag="Discovery")


def served(path: Path, profile: Profile, permissions: Permissions) -> dict[str, object]:
    """Return the path item: its methods that the profile has, empty where it has none."""
    routing, endpoint = profile.routing, _endpoint(path.rule)
    if path.rule in routing.without or endpoint in routing.without:
        return {}
    needed = permissions.needed(path.rule)
    operations: dict[str, object] = {
        method.lower(): _operation(path, method, profile, needed[method])
        for method in _methods(profile, endpoint, tuple(path.summaries))
        if method in needed
    }
    if operations and "{id}" in path.rule:
        operations["parameters"] = [_parameter("id", "path", {**TEXT, "minLength": 1})]
    return operations


def _methods(profile: Profile, endpoint: str, methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the methods that the profile has at the endpoint."""
    limited = profile.routing.methods_of(endpoint)
    return tuple(each for each in methods if limited is None or each in limited)


def _operation(path: Path, method: str, profile: Profile, permission: str) -> dict[str, object]:
    operation: dict[str, object] = {
        "tags": [path.tag],
        "summary": path.summaries[method],
        "operationId": _identifier(path.rule, method),
        "x-permission": permission,
    }
    if parameters := list(_parameters(path, method)):
        operation["parameters"] = parameters
    if body := _body(path, method):
        operation["requestBody"] = {"required": True, "content": _content(named(body))}
    return {**operation, "responses": _responses(path, method, profile)}


def _responses(path: Path, method: str, profile: Profile) -> dict[str, object]:
    shown = _content(named(path.lists or path.item))
    if method == "POST" and path.lists and ".search" not in path.rule:
        shown = _content(named(path.item))
    found: dict[str, dict[str, object]] = {}
    for status in _successes(path, method, profile):
        found[str(status)] = (
            {"description": _WORDS[status]}
            if status in (204, 304) or method == "DELETE" or (path.rule, status) == ("/Bulk", 202)
            else {"description": _WORDS[status], "content": shown}
        )
    made = found[next(iter(found))]
    if method == "POST" and path.makes:
        made["links"] = {
            verb: {
                "operationId": _identifier(f"{path.rule}/{{id}}", verb),
                "parameters": {"id": "$response.body#/id"},
            }
            for verb in path.makes
        }
    for status in sorted({*_ALWAYS, *_refusals(path, method, profile)}):
        found[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return dict(found)


def _successes(path: Path, method: str, profile: Profile) -> Iterator[int]:
    usual = _usual(path, method)
    statuses = profile.wire.statuses
    general = statuses.get(EVERY, {}).get(method, usual)
    yield statuses.get(_endpoint(path.rule), {}).get(method, general)
    if method == "GET":
        yield 304
    if method in ("PUT", "PATCH"):
        yield 204
    if path.rule == "/Bulk":
        yield 202
        if profile.bulk.exceeded_status != 200:
            yield profile.bulk.exceeded_status


def _usual(path: Path, method: str) -> int:
    match method:
        case "DELETE":
            return 204
        case "POST" if path.rule.endswith("/Start"):
            return 202
        case "POST" if path.rule != "/Bulk" and not path.rule.endswith(".search"):
            return 201
    return 200


def _refusals(path: Path, method: str, profile: Profile) -> Iterator[int]:
    if method in _WRITING:
        yield from (409, 412)
    if method == "GET":
        yield 412
    if path.rule == "/Me":
        yield 501
    if profile.routing.media_types:
        yield 415


def _parameters(path: Path, method: str) -> Iterator[dict[str, object]]:
    if path.lists and method == "GET":
        yield from (_parameter(name, "query", schema) for name, schema in _QUERY.items())
    if path.tag not in ("Jobs", "Definitions", "Discovery", "Bulk"):
        for name in ("attributes", "excludedAttributes"):
            if method != "DELETE" and ".search" not in path.rule:
                yield _parameter(name, "query", {**TEXT, "examples": ["userName"]})
    if "{id}" in path.rule and path.tag not in ("Jobs", "Discovery"):
        yield _parameter(_PRECONDITIONS[method], "header", {**TEXT, "examples": ['W/"1"']})
    if path.rule == "/Bulk":
        yield _parameter("Prefer", "header", {**TEXT, "examples": ["respond-async"]})


_QUERY: dict[str, JsonSchema] = {
    "filter": {**TEXT, "examples": ['userName eq "kim@example.com"']},
    "sortBy": {**TEXT, "examples": ["userName"]},
    "sortOrder": {"type": "string", "enum": ["ascending", "descending"]},
    "startIndex": WHOLE,
    "count": WHOLE,
    "cursor": TEXT,
    "explain": YES_NO,
}
_WORDS = {
    200: "Done.",
    201: "Created.",
    202: "Accepted; it is done as a job.",
    204: "Done; there is nothing to show.",
    304: "The client has the present version.",
    422: "More errors than failOnErrors allows; what came behind them is not done.",
}


def _body(path: Path, method: str) -> str:
    match method:
        case "PATCH":
            return "PatchOp"
        case "PUT":
            return _sent(path)
        case "POST" if path.rule.endswith(".search"):
            return "SearchRequest"
        case "POST" if path.rule == "/Bulk":
            return "BulkRequest"
        case "POST" if not path.rule.endswith("/Start"):
            return _sent(path)
    return ""


def _sent(path: Path) -> str:
    return path.item if path.item == "AnyResource" else written(path.item)


def _parameter(name: str, place: str, schema: JsonSchema) -> dict[str, object]:
    parameter: dict[str, object] = {"name": name, "in": place, "schema": schema}
    return {**parameter, "required": True} if place == "path" else parameter


def _content(schema: JsonSchema) -> dict[str, object]:
    return {MEDIA_TYPE: {"schema": schema}}


def _endpoint(rule: str) -> str:
    return f"/{rule.removeprefix('/').partition('/')[0]}"


def _identifier(rule: str, method: str) -> str:
    words = rule.replace("{id}", "one").replace(".json", "").replace(".", "").split("/")
    return method.lower() + "".join(word[:1].upper() + word[1:] for word in words if word)
