"""Totals that the store knows: how many resources link from one, such as the members of a group.

Counting them by reading is limited, as all reading is. A group may have more members than one query may read,
and they can still be listed page by page.
"""

from collections.abc import Callable

from scim.filter.planning.plan import ByBackLink
from scim.resource.record import Key
from scim.schema.catalogue import BackLink
from scim.service.endpoint import Endpoint
from scim.service.query.filtering import TypeQuery


def stored_total_of(type_query: TypeQuery) -> Callable[[], int | None] | None:
    """Return the function that returns the number of matches, None if it cannot tell; None if no count has it.

    Only a filter that asks for the targets of one source, and for nothing else, has such a count.
    """
    plan, endpoint = type_query.planned.plan, type_query.endpoint
    if not isinstance(plan, ByBackLink) or not type_query.planned.is_exact or type_query.hides:
        return None
    type_name = endpoint.resource_type.name
    links = [
        back_link
        for back_link in endpoint.catalogue.back_links_of(type_name)
        if back_link.attribute == plan.attribute
    ]
    if len(links) != 1:
        return None
    return lambda: _counted(endpoint, links[0], plan.source_id)


def _counted(endpoint: Endpoint, link: BackLink, source_id: str) -> int | None:
    """Return how many edges the source has; None if some may lead to another type, or are changing."""
    source_type = endpoint.catalogue.resource_type(link.source)
    relation = None if source_type is None else source_type.relation(link.relation)
    other_targets = set(relation.targets if relation else ()) - {endpoint.resource_type.name}
    if other_targets - {link.source}:
        return None
    if other_targets and endpoint.directory.is_nested(endpoint.tenant, link.source, link.relation):
        return None
    source = endpoint.directory.read(endpoint.tenant, Key(link.source, source_id))
    if source is None or source.is_unsettled:
        return None
    return source.counts.get(link.relation, 0)
