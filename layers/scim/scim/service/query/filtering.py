"""One endpoint's part of a query: its filter, bound and planned, and the matches it finds."""

from collections.abc import Callable, Mapping, Sequence

from scim.errors import InvalidFilter
from scim.filter.binding.bind import Scope, bound_across
from scim.filter.binding.bound_tree import (
    ALWAYS,
    RelationHolds,
    Tree,
    asks_for_types,
    comparisons_in_tree,
    questions,
    tests_back_links,
    with_answers,
)
from scim.filter.binding.predicate import predicate
from scim.filter.binding.stored_text import text_test
from scim.filter.parsing.parse import parse_filter
from scim.filter.parsing.tree import Filter
from scim.filter.planning.explain import described
from scim.filter.planning.plan import Planned, explained
from scim.filter.planning.planner import planned
from scim.immutable import immutable
from scim.profile import Profile, Tolerance
from scim.resource.access_path import Direction
from scim.resource.budget import SEARCHED_CHARACTERS, values_in
from scim.resource.record import Key, Link
from scim.schema.schema import ID, META, SCHEMAS
from scim.service.endpoint import Endpoint
from scim.service.query.candidates import CandidateSource, source_by_id, source_of
from scim.service.query.link_names import linked_by_id
from scim.service.query.link_types import with_typed_values
from scim.service.query.matches import CandidateTest, Matches, Test
from scim.service.query.nested_members import with_nested_members
from scim.service.query.read_budget import ReadBudget
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.queries import asks_for_unseen, with_token_filter


def scope_of(endpoint: Endpoint) -> Scope:
    """Return the endpoint's resource type and back links."""
    back_links = endpoint.catalogue.back_links_of(endpoint.resource_type.name)
    return Scope(endpoint.resource_type, [back_link.attribute for back_link in back_links])


@immutable
class TypeQuery:
    """What to find at an endpoint, and how."""

    endpoint: Endpoint
    tree: Tree
    planned: Planned
    budget: ReadBudget
    hides: bool = False
    """Whether the filter tests values that the caller may not see completely."""

    @property
    def name(self) -> str:
        return self.endpoint.resource_type.name

    @property
    def tests_links(self) -> bool:
        """Whether the filter tests back links, of which those from deleted resources do not count."""
        return tests_back_links(self.tree, scope_of(self.endpoint).back_links)

    def source(self) -> CandidateSource:
        """Return the source of the plan's candidates."""
        return source_of(self.endpoint, self.planned.plan, self.budget)

    def source_by_id(self) -> CandidateSource | None:
        """Return the source in id order; None if only sorting all matches gives that order."""
        return source_by_id(self.endpoint, self.planned.plan, self.budget)

    def matches_opener(
        self, source: CandidateSource, test: Test | None = None
    ) -> Callable[[Direction, str | None, int], Matches]:
        """Return the function that opens the stream of matches among the candidates of a source."""
        exact = test is None and self.planned.is_exact
        may_match = None if test or exact or self.hides else self._text_test()
        test = test or (_anything if self.tree is ALWAYS else self.counted(predicate(self.tree)))
        candidate_test = CandidateTest(test, exact, self.hides, self.tests_links, may_match)

        def open_matches(direction: Direction, beyond: str | None, size_hint: int) -> Matches:
            pages = source.pages(direction, beyond, size_hint)
            name = segment_name(self.name, source)
            return Matches(self.endpoint, name, pages, candidate_test, self.budget)

        return open_matches

    def _text_test(self) -> Callable[[str], bool] | None:
        """Return the test of a stored body's text; None if the text cannot exclude a match."""
        resource_type, endpoint = self.endpoint.resource_type, self.endpoint
        outside = {SCHEMAS.name, ID.name, META.name}
        outside |= {relation.attribute for relation in resource_type.relations}
        outside |= {link.attribute for link in endpoint.catalogue.back_links_of(resource_type.name)}
        test = text_test(self.tree, outside)
        if test is None:
            return None
        may_match, terms = test, comparisons_in_tree(self.tree)

        def counted(text: str) -> bool:
            if len(text) * terms >= SEARCHED_CHARACTERS:
                self.budget.compare(len(text) * terms // SEARCHED_CHARACTERS, resource_type)
            return may_match(text)

        return counted

    def counted(self, test: Test) -> Test:
        """Return the test, counting its comparisons: the filter's terms times the values."""
        terms, resource_type = comparisons_in_tree(self.tree), self.endpoint.resource_type

        def counted(resource: Mapping[str, object]) -> bool:
            self.budget.compare(terms * values_in(resource), resource_type)
            return test(resource)

        return counted

    def explained(self) -> dict[str, object]:
        """Return the plan and the part of the filter left to test, for an operator."""
        remainder = self.planned.remainder
        untested = {} if remainder == ALWAYS else {"remainder": described(remainder)}
        return {"resourceType": self.name, **explained(self.planned.plan), **untested}


def _anything(_: Mapping[str, object]) -> bool:
    """Return True for every resource."""
    return True


def segment_name(type_name: str, source: CandidateSource) -> str:
    """Return the first part of the positions of a source's matches."""
    return f"{type_name} {source.order}"


def type_queries_of(
    endpoints: Sequence[Endpoint], text: str | None, budget: ReadBudget, domain: str | None = None
) -> tuple[list[TypeQuery], frozenset[Tolerance]]:
    """Return each endpoint's part of a filter, and the tolerances that the filter used.

    If a `domain` is given, only resources of that domain match.

    Raises InvalidFilter.
    """
    tolerated: frozenset[Tolerance] = frozenset()
    filter_: Filter | None = None
    if text is not None:
        parsed = parse_filter(text, endpoints[0].bounds.filter)
        _require_tolerated(parsed.tolerances, endpoints[0].profile)
        filter_, tolerated = parsed.filter, parsed.tolerances
        for endpoint in endpoints:
            # Most filters do not test the name of another resource.
            if endpoint.profile.domains.names or "display" in text.lower():
                filter_ = linked_by_id(endpoint, filter_, domain)
    scopes = [scope_of(endpoint) for endpoint in endpoints]
    bound_filters = bound_across(scopes, filter_, endpoints[0].profile, domain)
    trees = [bound_filter.tree for bound_filter in bound_filters]
    tolerated = tolerated.union(*(bound_filter.tolerated for bound_filter in bound_filters))
    answered_trees = [
        _answered(endpoint, tree) for endpoint, tree in zip(endpoints, trees, strict=True)
    ]
    type_queries = [
        TypeQuery(
            endpoint,
            answered_tree,
            planned(answered_tree, endpoint.resource_type),
            budget,
            asks_for_unseen(endpoint, tree),
        )
        for endpoint, tree, answered_tree in zip(endpoints, trees, answered_trees, strict=True)
    ]
    return type_queries, tolerated


def _answered(endpoint: Endpoint, tree: Tree) -> Tree:
    """Return the filter with its questions about relations answered."""
    if tree is ALWAYS and not isinstance(endpoint.directory, FilteredDirectory):
        return tree
    if asks_for_types(tree):
        tree = with_typed_values(endpoint, tree)
    tree = with_nested_members(endpoint, with_token_filter(endpoint, tree))
    answers: Mapping[RelationHolds, frozenset[str]] = {
        question: _holders(endpoint, question) for question in questions(tree)
    }
    return with_answers(tree, answers)


def _holders(endpoint: Endpoint, question: RelationHolds) -> frozenset[str]:
    """Return the ids of the resources whose relation has an edge to the target."""
    relation = endpoint.resource_type.relation(question.attribute)
    link = Link(endpoint.resource_type.name, question.attribute)
    for type_name in question.types or (relation.targets if relation else ()):
        target = endpoint.directory.read(endpoint.tenant, Key(type_name, question.target_id))
        if target is not None:
            return target.links.get(link, frozenset())
    return frozenset()


def _require_tolerated(needed: frozenset[Tolerance], profile: Profile) -> None:
    refused = sorted(tolerance for tolerance in needed if not profile.tolerates(tolerance))
    if refused:
        raise InvalidFilter(f"The filter is not of RFC 7644's grammar: {', '.join(refused)}.")
