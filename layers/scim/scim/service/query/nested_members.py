"""Filters on back links include nesting: a member of a group is also in the groups around it.

RFC 7643 section 4.1.2 lets `groups` list direct and indirect memberships, so a filter means both.
The store knows only the direct ones. Before a filter is planned, each question whether a resource is
below another is answered with the ids of all that are. If these are many, it becomes the same
question about each of the sources inside that one: the store answers that page by page.
If the filter names the ids of its resources, their ancestors are read instead.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from scim.errors import TooMany
from scim.filter.binding.bound_tree import (
    NEVER,
    BackLinkHolds,
    BackLinkOnly,
    IdIn,
    Tree,
    any_of,
    leaves,
    with_leaves,
)
from scim.filter.planning.plan import ByIds
from scim.filter.planning.planner import plan_of
from scim.resource.access_path import Direction
from scim.resource.budget import ENTRY
from scim.resource.record import Key, Link, Record
from scim.schema.catalogue import BackLink
from scim.service.edges import PAGE_SIZE, SIDE_BY_SIDE, edges_of_each
from scim.service.endpoint import Endpoint
from scim.service.query.link_types import BY_ID
from scim.service.query.read_budget import require_room, require_room_for
from scim.service.relations.back_links import ancestry_of

FEW = 1000
"""Edges that are read at once, before looking for a cheaper way."""

MANY_SOURCES = 10_000
"""The most sources whose items are read to learn which of them lie inside another."""

WIDE = 25
"""The most sources whose targets are read side by side."""


def with_nested_members(endpoint: Endpoint, tree: Tree) -> Tree:
    """Return the filter with the questions about nested back links answered.

    Reads nothing unless the filter tests a back link; one read then tells whether the tenant has any
    nesting. Raises TooMany when more edges lie below a source than may be read.
    """
    tree = with_leaves(tree, lambda leaf: _alone(endpoint, leaf))
    nested_questions = [
        (question, back_link)
        for question in dict.fromkeys(leaves(tree))
        if isinstance(question, BackLinkHolds) and not question.is_direct
        for back_link in _nesting_links(endpoint, question)
    ]
    if not nested_questions:
        return tree
    plan = plan_of(tree, endpoint.resource_type)
    answers: dict[BackLinkHolds, list[Tree]] = {}
    for question, back_link in nested_questions:
        source = Key(back_link.source, question.source_id)
        condition = (
            IdIn(_below(endpoint, source, back_link, plan.ids))
            if isinstance(plan, ByIds)
            else _all_below(endpoint, question, source, back_link)
        )
        answers.setdefault(question, []).append(condition)
    return with_leaves(tree, lambda leaf: _answer(endpoint, leaf, answers))


def _alone(endpoint: Endpoint, question: Tree) -> Tree:
    """Return what remains of the question whether a resource lies below one source alone.

    A resource below a source that lies below others is below these, too: then none matches.
    """
    if not isinstance(question, BackLinkOnly):
        return question
    for back_link in _nesting_links(endpoint, question):
        key = Key(back_link.source, question.source_id)
        source = endpoint.directory.read(endpoint.tenant, key)
        link = Link(back_link.source, back_link.relation)
        if source is not None and source.links.get(link):
            return NEVER
    return question


def _answer(
    endpoint: Endpoint, question: Tree, answers: Mapping[BackLinkHolds, list[Tree]]
) -> Tree:
    if not isinstance(question, BackLinkHolds) or question not in answers:
        return question
    back_links = [
        back_link
        for back_link in endpoint.catalogue.back_links_of(endpoint.resource_type.name)
        if back_link.attribute == question.attribute
    ]
    # The attribute may also mirror relations that do not nest and were not read.
    own_condition: list[Tree] = [question] if len(back_links) > 1 else []
    return any_of([*answers[question], *own_condition])


def _nesting_links(
    endpoint: Endpoint, question: BackLinkHolds | BackLinkOnly
) -> Iterator[BackLink]:
    """Yield the back links of the question whose sources are nested in this tenant."""
    for back_link in endpoint.catalogue.back_links_of(endpoint.resource_type.name):
        if (
            back_link.attribute == question.attribute
            and (back_link.source, back_link.relation) in endpoint.catalogue.nesting
            and endpoint.directory.is_nested(endpoint.tenant, back_link.source, back_link.relation)
        ):
            yield back_link


def _below(
    endpoint: Endpoint, source: Key, back_link: BackLink, ids: frozenset[str]
) -> frozenset[str]:
    """Return which of these resources lie below the source."""
    keys = [Key(endpoint.resource_type.name, id_) for id_ in sorted(ids)]
    records = [*endpoint.directory.read_latest(endpoint.tenant, keys).values()]
    link = Link(back_link.source, back_link.relation)
    require_room_for(endpoint.budget, records, endpoint.resource_type.name, BY_ID)

    def read(tenant: str, parent_keys: Iterable[Key]) -> Mapping[Key, Record]:
        parents = endpoint.directory.read_many(tenant, parent_keys)
        require_room_for(endpoint.budget, [*parents.values()], back_link.source, BY_ID)
        return parents

    ancestors = ancestry_of(endpoint, records, link, read)
    return frozenset(
        record.key.id
        for record in records
        if source in ancestors.parents_of(record)
        or source in ancestors.indirect_ancestors_of(record)
    )


def _all_below(
    endpoint: Endpoint, question: BackLinkHolds, source: Key, back_link: BackLink
) -> Tree:
    """Return the condition for resources of the endpoint's type to lie below the source."""
    scanned = endpoint.bounds.scanned
    few_ids = _ids_below(endpoint, source, back_link, min(FEW, scanned))
    if few_ids is not None:
        return IdIn(few_ids)
    inside_ids = _sources_inside(endpoint, source, back_link)
    if inside_ids is not None and source.type == endpoint.resource_type.name:
        return IdIn(inside_ids)
    if inside_ids is not None and len(inside_ids) <= WIDE:
        return any_of(replace(question, source_id=id_) for id_ in (source.id, *sorted(inside_ids)))
    all_ids = _ids_below(endpoint, source, back_link, scanned)
    if all_ids is None:
        raise TooMany(
            f"{back_link.attribute}.value: more than {scanned} values lie"
            f" below this {back_link.source}; ask by id as well."
        )
    return IdIn(all_ids)


def _ids_below(
    endpoint: Endpoint, source: Key, back_link: BackLink, limit: int
) -> frozenset[str] | None:
    """Return the ids of the resources below the source; None if more than `limit` edges lie below it."""
    type_name = endpoint.resource_type.name
    seen = {source}
    unvisited = [source]
    ids: set[str] = set()
    while unvisited:
        some, unvisited = unvisited[:SIDE_BY_SIDE], unvisited[SIDE_BY_SIDE:]
        # Not many more are read than may be there.
        at_a_time = min(limit // len(some) + 1, PAGE_SIZE)
        for _, edge in edges_of_each(endpoint, some, back_link.relation, at_a_time):
            limit -= 1
            if limit < 0:
                return None
            require_room(endpoint.budget, ENTRY, source.type, BY_ID)
            if edge.target.type == type_name:
                ids.add(edge.target.id)
            if edge.target.type == source.type and edge.target not in seen:
                seen.add(edge.target)
                unvisited.append(edge.target)
    return frozenset(ids)


def _sources_inside(endpoint: Endpoint, source: Key, back_link: BackLink) -> frozenset[str] | None:
    """Return the ids of the sources below one; None if there are too many to read.

    Each source lists what it is in, so the edges below need not be read.
    """
    directory, tenant = endpoint.directory, endpoint.tenant
    limit = min(MANY_SOURCES, endpoint.bounds.scanned)
    if directory.count(tenant, source.type) > limit:
        return None
    link = Link(source.type, back_link.relation)
    children: dict[str, list[str]] = {}
    beyond, has_more = None, True
    while has_more:
        page = directory.records(tenant, source.type, Direction.UP, beyond, PAGE_SIZE)
        require_room_for(endpoint.budget, page.records, source.type, BY_ID)
        for record in page.records:
            beyond = record.key.id
            for id_ in record.links.get(link, ()):
                children.setdefault(id_, []).append(record.key.id)
        has_more = page.has_more
    ids: set[str] = set()
    unvisited = [source.id]
    while unvisited:
        new_ids = [id_ for id_ in children.get(unvisited.pop(), ()) if id_ not in ids]
        ids.update(new_ids)
        unvisited += new_ids
    return frozenset(ids)
