"""The records a bound filter selects, come by as its plan says."""

from collections.abc import Iterable, Iterator

from scim.errors import TooMany
from scim.filter.bound import RelationHolds, Tree
from scim.filter.plan import (
    ByBackLink,
    ByIds,
    ByIndex,
    ByRelation,
    Nothing,
    Plan,
    Scan,
    Union,
    planned,
)
from scim.filter.predicate import predicate
from scim.filter.relation import questions, resolved
from scim.resource.record import Key, Link, Record
from scim.service.endpoint import Endpoint
from scim.service.view import all_edges, plain_view

PAGE = 500


def matching(endpoint: Endpoint, tree: Tree) -> list[Record]:
    """Return every live record the filter selects, in id order.

    Raises TooMany when more records would have to be read than the deployment allows.
    """
    asked = resolved(tree, {q: _holders(endpoint, q) for q in questions(tree)})
    matches = predicate(asked)
    return [
        record
        for record in _candidates(endpoint, planned(asked, endpoint.resource_type))
        if matches({**plain_view(endpoint, record), **record.counts})
    ]


def _holders(endpoint: Endpoint, question: RelationHolds) -> frozenset[str]:
    """Return the ids of the resources whose relation has an edge to the target."""
    relation = endpoint.resource_type.relation(question.attribute)
    link = Link(endpoint.resource_type.name, question.attribute)
    for type_name in relation.targets if relation else ():
        target = endpoint.directory.read(endpoint.tenant, Key(type_name, question.target_id))
        if target is not None:
            return target.links.get(link, frozenset())
    return frozenset()


def _candidates(endpoint: Endpoint, plan: Plan) -> Iterable[Record]:
    return _scanned(endpoint) if isinstance(plan, Scan) else _read(endpoint, _ids(endpoint, plan))


def _ids(endpoint: Endpoint, plan: Plan) -> set[str]:
    match plan:
        case Nothing() | ByRelation() | Scan():
            return set()
        case ByIds():
            return set(plan.ids)
        case ByIndex():
            return set(
                endpoint.directory.ids_with(
                    endpoint.tenant,
                    endpoint.resource_type.name,
                    plan.attribute,
                    plan.value,
                    endpoint.bounds.scanned + 1,
                )
            )
        case ByBackLink():
            return _linked(endpoint, plan)
        case Union():
            return set().union(*(_ids(endpoint, each) for each in plan.plans))


def _linked(endpoint: Endpoint, plan: ByBackLink) -> set[str]:
    own = endpoint.resource_type.name
    return {
        edge.target.id
        for back_link in endpoint.catalogue.back_links_of(own)
        if back_link.attribute == plan.attribute
        for edge in all_edges(endpoint, Key(back_link.source, plan.source_id), back_link.relation)
        if edge.target.type == own
    }


def _read(endpoint: Endpoint, ids: set[str]) -> list[Record]:
    keys = [Key(endpoint.resource_type.name, id_) for id_ in sorted(ids)]
    if len(keys) > endpoint.bounds.scanned:
        raise _too_many(endpoint)
    if len(keys) == 1:
        only = endpoint.directory.read(endpoint.tenant, keys[0])
        return [] if only is None else [only]
    found = dict(endpoint.directory.read_many(endpoint.tenant, keys)) if keys else {}
    unseen = [key for key in keys if key not in found]
    if unseen:
        found.update(endpoint.directory.read_latest(endpoint.tenant, unseen))
    return [found[key] for key in keys if key in found]


def _scanned(endpoint: Endpoint) -> Iterator[Record]:
    after: str | None = None
    read = 0
    while True:
        page = endpoint.directory.page(endpoint.tenant, endpoint.resource_type.name, after, PAGE)
        read += len(page.records)
        if read > endpoint.bounds.scanned:
            raise _too_many(endpoint)
        yield from page.records
        after = page.after
        if after is None:
            return


def _too_many(endpoint: Endpoint) -> TooMany:
    indexed = ", ".join(index.attribute for index in endpoint.resource_type.indexes)
    return TooMany(
        f"The query would read more than {endpoint.bounds.scanned} resources;"
        f" narrow it by one of: id, {indexed}."
    )
