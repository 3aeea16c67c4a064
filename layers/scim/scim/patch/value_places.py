"""The positions of the values of multi-valued attributes, kept from one addition to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scim.resource.budget import RequestBudget, values_in
from scim.resource.multi_value import identities_of, identity_of
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import Attribute

Places = dict[object, int]


@dataclass(frozen=True, slots=True)
class United:
    """Values without duplicates, and the positions of those that are new or were completed."""

    elements: list[object]
    touched: frozenset[int]


@dataclass(slots=True)
class ValuePlaces:
    """Keeps the position of each attribute's values by identity, as long as the list is the same object.

    Without it, a thousand additions to a thousand values would compare a million values.
    """

    budget: RequestBudget = field(default_factory=RequestBudget)
    _kept: dict[str, tuple[Sequence[object], Places]] = field(default_factory=dict)

    def united(self, ref: AttributeRef, held: Sequence[object], new: Iterable[object]) -> United:
        """Return the values with the new ones; a new value that equals a held one completes it in place."""
        attribute = ref.attribute
        places = self._places(ref, held)
        elements = list(held)
        touched: set[int] = set()
        for element in new:
            at = places.setdefault(identity_of(attribute, element), len(elements))
            if at == len(elements):
                elements.append(element)
                for identity in identities_of(attribute, element):
                    places.setdefault(identity, at)
            else:
                known = elements[at]
                elements[at] = completed(known, element)
                _replace(places, attribute, at, known, elements[at])
            touched.add(at)
        self._kept[str(ref)] = (elements, places)
        return United(elements, frozenset(touched))

    def keep(self, ref: AttributeRef, united: Sequence[object], after: Sequence[object]) -> None:
        """Keep the positions for `after`, the list that replaces the united values in the same order."""
        kept = self._kept.get(str(ref))
        if kept is not None and kept[0] is united:
            self._kept[str(ref)] = (after, kept[1])

    def _places(self, ref: AttributeRef, held: Sequence[object]) -> Places:
        kept = self._kept.pop(str(ref), None)
        if kept is not None and kept[0] is held:
            return kept[1]
        self.budget.compare(values_in([*held]))
        places: Places = {}
        for at, element in enumerate(held):
            places.update(dict.fromkeys(identities_of(ref.attribute, element), at))
        return places


def completed(known: object, new: object) -> object:
    """Return a complex value with the parts of another; a simple value stays as it is."""
    return {**known, **new} if isinstance(known, dict) and isinstance(new, dict) else known


def _replace(places: Places, attribute: Attribute, at: int, old: object, new: object) -> None:
    for identity in identities_of(attribute, old) - identities_of(attribute, new):
        if places.get(identity) == at:
            del places[identity]
    for identity in identities_of(attribute, new):
        places.setdefault(identity, at)
