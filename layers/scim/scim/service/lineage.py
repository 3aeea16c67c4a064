"""Filters on back links see through nesting: in a group is also who is in a group inside it.

RFC 7643 section 4.1.2 has `groups` list direct and indirect memberships, so a filter means both.
The store knows direct ones. Before a filter is planned, each question whether a resource is
below another is answered with the ids of all that are; where the filter names the resources it
is about, their way up is looked at instead of everything below.
"""

from collections.abc import Callable, Iterator, Mapping

from scim.errors import TooMany
from scim.filter.bound import (
    AllOf,
    AnyOf,
    BackLinkHolds,
    IdIn,
    Negated,
    Tree,
    all_of,
    any_of,
    negated,
)
from scim.filter.plan import planned
from scim.filter.route import ByIds
from scim.resource.record import Key, Link
from scim.schema.catalogue import BackLink
from scim.service.ancestry import ancestry
from scim.service.edges import all_edges
from scim.service.endpoint import Endpoint


def unfolded(endpoint: Endpoint, tree: Tree) -> Tree:
    """Return the filter without questions about back links that nesting has a part in.

    Nothing is read unless it asks for a back link, and one look tells whether anything of the
    tenant is nested at all. Raises TooMany when more edges lie below than may be read.
    """
    asked = [
        (question, back_link)
        for question in dict.fromkeys(_questions(tree))
        for back_link in _nesting_links(endpoint, question)
    ]
    if not asked:
        return tree
    plan = planned(tree, endpoint.resource_type)
    answers: dict[BackLinkHolds, frozenset[str]] = {}
    for question, back_link in asked:
        source = Key(back_link.source, question.source_id)
        found = (
            _below(endpoint, source, back_link, plan.ids)
            if isinstance(plan, ByIds)
            else _all_below(endpoint, source, back_link)
        )
        answers[question] = answers.get(question, frozenset()) | found
    return _mapped(tree, lambda question: _answer(endpoint, question, answers))


def _answer(
    endpoint: Endpoint, question: BackLinkHolds, answers: Mapping[BackLinkHolds, frozenset[str]]
) -> Tree:
    if question not in answers:
        return question
    mirrored = [
        back_link
        for back_link in endpoint.catalogue.back_links_of(endpoint.resource_type.name)
        if back_link.attribute == question.attribute
    ]
    # The attribute may mirror other relations too, which nest nothing and were not looked at.
    others: list[Tree] = [question] if len(mirrored) > 1 else []
    return any_of([IdIn(answers[question]), *others])


def _questions(tree: Tree) -> Iterator[BackLinkHolds]:
    match tree:
        case BackLinkHolds():
            yield tree
        case AllOf() | AnyOf():
            for term in tree.terms:
                yield from _questions(term)
        case Negated():
            yield from _questions(tree.term)


def _mapped(tree: Tree, answer: Callable[[BackLinkHolds], Tree]) -> Tree:
    match tree:
        case BackLinkHolds():
            return answer(tree)
        case AllOf():
            return all_of(_mapped(term, answer) for term in tree.terms)
        case AnyOf():
            return any_of(_mapped(term, answer) for term in tree.terms)
        case Negated():
            return negated(_mapped(tree.term, answer))
        case _:
            return tree


def _nesting_links(endpoint: Endpoint, question: BackLinkHolds) -> Iterator[BackLink]:
    """Yield the back links the question is about whose sources are nested in this tenant."""
    for back_link in endpoint.catalogue.back_links_of(endpoint.resource_type.name):
        source = endpoint.catalogue.resource_type(back_link.source)
        if (
            back_link.attribute == question.attribute
            and source is not None
            and source.nests_by(back_link.relation)
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
    found = ancestry(endpoint, records, link, endpoint.directory.read_many)
    return frozenset(
        record.key.id
        for record in records
        if source in found.parents_of(record) or source in found.above(record)
    )


def _all_below(endpoint: Endpoint, source: Key, back_link: BackLink) -> frozenset[str]:
    """Return the ids of all resources of the endpoint's type that lie below the source."""
    own = endpoint.resource_type.name
    seen = {source}
    left = [source]
    found: set[str] = set()
    room = endpoint.bounds.scanned
    while left:
        for edge in all_edges(endpoint, left.pop(), back_link.relation):
            room -= 1
            if room < 0:
                raise TooMany(
                    f"{back_link.attribute}.value: more than {endpoint.bounds.scanned} values lie"
                    f" below this {back_link.source}; ask by id as well."
                )
            if edge.target.type == own:
                found.add(edge.target.id)
            if edge.target.type == source.type and edge.target not in seen:
                seen.add(edge.target)
                left.append(edge.target)
    return frozenset(found)
