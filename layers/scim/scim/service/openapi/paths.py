"""The paths of one tenant's API, and the purpose of each of their methods."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scim.profile import Profile
from scim.resource.job import JOB_URN
from scim.schema.resource_type import ResourceType
from scim.service.openapi.examples import shown_name
from scim.service.openapi.schemas import TEXT, WHOLE, YES_NO, JsonSchema, written

MEDIA_TYPE = "application/scim+json"
_SOME = {**WHOLE, "minimum": 1, "maximum": 1000, "examples": [10]}
_NAME = "userName"
_PAGE: dict[str, JsonSchema] = {
    "startIndex": {**WHOLE, "examples": [1]},
    "count": {**WHOLE, "examples": [10]},
}
_TIMES = {"since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}
_EDGE_QUERY: dict[str, JsonSchema] = {
    "filter": {**TEXT, "examples": ['group.value eq "2819c223-7f76-453a-919d-413861904646"']},
    **_PAGE,
    "cursor": TEXT,
}
_AUDIT_QUERY: dict[str, JsonSchema] = {
    **{name: {**TEXT, "format": "date-time", "examples": [at]} for name, at in _TIMES.items()},
    "resource": {**TEXT, "examples": ["Users/2819c223-7f76-453a-919d-413861904646"]},
    "principal": TEXT,
    "kind": {"type": "string", "enum": ["change", "refusal", "act"], "examples": ["change"]},
    "count": _SOME,
    "cursor": TEXT,
}

_EVENT_QUERY: dict[str, JsonSchema] = {
    "of": {**TEXT, "examples": ["Group/2819c223-7f76-453a-919d-413861904646"]},
    "change": TEXT,
    **_PAGE,
}
_DISCOVERED = {
    "ServiceProviderConfig": "the service provider configuration",
    "Schemas": "schemas",
    "ResourceTypes": "resource types",
}
DOCUMENTS = {
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig": "ServiceProviderConfig",
    "urn:ietf:params:scim:schemas:core:2.0:Schema": "Schema",
    "urn:ietf:params:scim:schemas:core:2.0:ResourceType": "ResourceType",
    JOB_URN: "Job",
}
"""The names of the service's own kinds of resources, which no resource type defines, by schema."""
TAGS = frozenset(
    ("Search", "Changes", "Me", "Bulk", "Jobs", "Audit", "Requests", "Definitions", "Discovery")
)
"""The tags of paths that belong to no resource type; those of the others are the names of types."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path with a summary for each method, and the schemas of its requests and answers.

    `item` names the schema of one resource, `lists` that of a list of them. A resource created by POST
    is served below the path with the methods in `makes`. `sends` names the schema of a POST's body
    where it is not the resource itself; `query` has the parameters of a GET's or POST's URL, of which it
    needs those in `needs`; `name` is an attribute for examples, and `media_type` the type of both bodies.
    `ids` has the operationIds of the document, by path and method.
    """

    rule: str
    summaries: Mapping[str, str]
    item: str
    lists: str = ""
    tag: str = ""
    makes: tuple[str, ...] = ()
    sends: str = ""
    query: Mapping[str, JsonSchema] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    name: str = _NAME
    media_type: str = MEDIA_TYPE
    ids: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """The first segment of the path, with its slash."""
        return f"/{self.rule.removeprefix('/').partition('/')[0]}"

    @property
    def written(self) -> str:
        """The name of the schema of the body that creates or replaces the resource."""
        return self.item if self.item == "AnyResource" else written(self.item)


def type_paths(profile: Profile, types: tuple[ResourceType, ...]) -> Iterator[Path]:
    for type_ in types:
        name, endpoint = type_.name, type_.endpoint
        changes = {} if type_.edges_of else {"PUT": "Replace", "PATCH": "Modify"}
        verbs = {"GET": "Read", **changes, "DELETE": "Delete"}
        served_verbs = tuple(
            verb for verb in verbs if verb in methods_of(profile, endpoint, tuple(verbs))
        )
        plural = endpoint.removeprefix("/")
        makes = {"GET": f"List {plural}", "POST": f"Create {_one(name)}"}
        list_name, search = f"{name}List", f"{endpoint}/.search"
        example_name = shown_name(type_)
        query = _EDGE_QUERY if type_.edges_of else _query(example_name)
        if endpoint in profile.wire.bare_lists:
            query = {parameter: query[parameter] for parameter in query if parameter != "cursor"}
        yield Path(
            endpoint, makes, name, list_name, name, served_verbs, query=query, name=example_name
        )
        yield Path(
            search, {"POST": f"Search {plural}"}, name, list_name, name, sends="SearchRequest"
        )
        if not type_.edges_of:
            yield from _changes(f"{endpoint}/", name, f"to {plural}")
        summaries = {method: f"{verb} {_one(name)}" for method, verb in verbs.items()}
        yield Path(f"{endpoint}/{{id}}", summaries, name, tag=name, name=example_name)


def other_paths(profile: Profile, me: str) -> Iterator[Path]:
    """Yield the paths that belong to no resource type; `me` says whether `/Me` is served."""
    queries = {"GET": "Query resources of all types", "POST": "Search resources of all types"}
    names = ("AnyResource", "AnyList", "Search")
    for rule in ("/", "/.search"):
        yield Path(rule, queries, *names, sends="SearchRequest", query=_query(_NAME))
    yield from _changes("/", "Any", "to resources of all types")
    yield from _events()
    yield from _me(profile.auth.me or me)
    bulk = {"POST": "Execute several operations in one request"}
    yield Path("/Bulk", bulk, "BulkResponse", tag="Bulk", sends="BulkRequest")
    yield from _jobs()
    acts = {"GET": "List changes, refused requests and administrators' acts"}
    yield Path("/Audit", acts, "AnyResource", "AnyList", "Audit", query=_AUDIT_QUERY)
    requests = {"GET": "List the last requests"}
    request_query: dict[str, JsonSchema] = {
        name: {**WHOLE, "minimum": 0, "examples": [example]}
        for name, example in (("after", 0), ("count", 10))
    }
    yield Path("/Requests", requests, "AnyResource", "AnyList", "Requests", query=request_query)
    yield from _definitions()
    yield from _discovery(is_of_vendor=bool(profile.discovery))
    yield Path("/openapi.json", {"GET": "Read this document"}, "Anything", tag="Discovery")


def _query(name: str) -> dict[str, JsonSchema]:
    """Return the parameters of a list, with examples that filter and sort by that attribute."""
    return {
        "filter": {**TEXT, "examples": [f'{name} eq "kim"']},
        "sortBy": {**TEXT, "examples": [name]},
        "sortOrder": {**TEXT, "enum": ["ascending", "descending"], "examples": ["ascending"]},
        **_PAGE,
        "cursor": TEXT,
        "explain": {**YES_NO, "examples": [False]},
    }


def _events() -> Iterator[Path]:
    polling = {"POST": "Acknowledge events and poll for more (RFC 8936)"}
    since = {"since": {**TEXT, "description": "A delta token at which to restart the stream."}}
    yield Path(
        "/Events",
        polling,
        "EventSets",
        tag="Changes",
        sends="EventPoll",
        query=since,
        media_type="application/json",
    )
    values = {"GET": "List the added and removed values that an event only counts (its $ref)"}
    needs = ("of", "change")
    yield Path("/Events", values, "ChangedIds", tag="Changes", query=_EVENT_QUERY, needs=needs)


def _me(me: str) -> Iterator[Path]:
    if me != "off":
        creates = {"POST": "Create the caller's own resource"}
        summaries = {
            **(creates if me == "create" else {}),
            "GET": "Read the caller's own resource",
            "PUT": "Replace the caller's own resource",
            "PATCH": "Modify the caller's own resource",
            "DELETE": "Delete the caller's own resource",
        }
        yield Path("/Me", summaries, "User", tag="Me")


def _jobs() -> Iterator[Path]:
    jobs = {"GET": "List jobs", "POST": "Create a job: an import or export"}
    yield Path("/Jobs", jobs, "Job", "JobList", "Jobs", query=_PAGE)
    job = {"GET": "Read a job", "DELETE": "Cancel a job"}
    yield Path("/Jobs/{id}", job, "Job", tag="Jobs")
    yield Path("/Jobs/{id}/Result", {"GET": "Read the result of a job"}, "AnyResource", tag="Jobs")
    start = {"POST": "Start an import whose file is uploaded, or continue a failed job"}
    yield Path("/Jobs/{id}/Start", start, "Job", tag="Jobs")


def _definitions() -> Iterator[Path]:
    current = {
        "GET": "Read the tenant's own schemas and resource types",
        "PUT": "Replace the tenant's own schemas and resource types",
    }
    yield Path("/Definitions", current, "AnyResource", tag="Definitions")
    earlier = {"GET": "Read a version of the tenant's own schemas and resource types"}
    yield Path("/Definitions/{id}", earlier, "AnyResource", tag="Definitions")


def _discovery(*, is_of_vendor: bool) -> Iterator[Path]:
    for name, words in _DISCOVERED.items():
        kind = name.removesuffix("s")
        is_list = kind != name
        item, document = kind, f"{kind}List" if is_list else kind
        if is_of_vendor:
            # It may be an array.
            item = document = "Anything"
        verb = "List" if is_list else "Read"
        yield Path(f"/{name}", {"GET": f"{verb} {words}"}, document, tag="Discovery")
        if is_list:
            reading = {"GET": f"Read a {words.removesuffix('s')}"}
            yield Path(f"/{name}/{{id}}", reading, item, tag="Discovery")


def _changes(base: str, name: str, words: str) -> Iterator[Path]:
    """Yield the paths of delta queries (draft-sehgal-scim-delta-query-02)."""
    token = {"GET": f"Get a delta token for changes {words} from now on"}
    yield Path(f"{base}.deltaToken", token, "DeltaToken", tag="Changes")
    summaries = {"POST": f"List changes {words} since a delta token"}
    yield Path(f"{base}.delta", summaries, f"{name}Delta", tag="Changes", sends="DeltaRequest")


def methods_of(profile: Profile, endpoint: str, methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the methods that the profile serves at the endpoint."""
    limited = profile.routing.methods_of(endpoint)
    return tuple(method for method in methods if limited is None or method in limited)


def _one(name: str) -> str:
    """Return the name of a type with its indefinite article: `a User`, `an Organization`."""
    return f"an {name}" if name.startswith(("A", "E", "I", "O")) else f"a {name}"


def with_ids(paths_of_types: Iterable[Path], paths_of_service: Iterable[Path]) -> list[Path]:
    """Return the paths with an operationId for each operation.

    A tenant's own endpoint such as `/Search` would take the one of another path.
    """
    of_types, of_service = list(paths_of_types), list(paths_of_service)
    ids: dict[tuple[str, str], str] = {}
    used: set[str] = set()
    for path in (*of_service, *of_types):
        for method in path.summaries:
            name = _id(path.rule, method)
            while name in used:
                name += "Resource"
            used.add(name)
            ids[path.rule, method] = name
    return [replace(path, ids=ids) for path in (*of_types, *of_service)]


def _id(rule: str, method: str) -> str:
    words = rule.replace("{id}", "one").replace(".json", "").replace(".", "").split("/")
    return method.lower() + "".join(word[:1].upper() + word[1:] for word in words if word)
