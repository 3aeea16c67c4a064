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

    def united(self, ref: AttributeRef, values: Sequence[object], new: Iterable[object]) -> United:
        """Return the values with the new ones; a new value that equals a held one completes it in place."""
        attribute = ref.attribute
        places = self._places(ref, values)
        elements = list(values)
        touched: set[int] = set()
        for element in new:
            position = places.setdefault(identity_of(attribute, element), len(elements))
            if position == len(elements):
                elements.append(element)
                for identity in identities_of(attribute, element):
                    places.setdefault(identity, position)
            else:
                element_before = elements[position]
                elements[position] = completed(element_before, element)
                _replace(places, attribute, position, element_before, elements[position])
            touched.add(position)
        self._kept[str(ref)] = (elements, places)
        return United(elements, frozenset(touched))

    def keep(self, ref: AttributeRef, united: Sequence[object], after: Sequence[object]) -> None:
        """Keep the positions for `after`, the list that replaces the united values in the same order."""
        kept_places = self._kept.get(str(ref))
        if kept_places is not None and kept_places[0] is united:
            self._kept[str(ref)] = (after, kept_places[1])

    def _places(self, ref: AttributeRef, values: Sequence[object]) -> Places:
        kept_places = self._kept.pop(str(ref), None)
        if kept_places is not None and kept_places[0] is values:
            return kept_places[1]
        self.budget.compare(values_in([*values]))
        places: Places = {}
        for position, element in enumerate(values):
            places.update(dict.fromkeys(identities_of(ref.attribute, element), position))
        return places


def completed(element: object, other: object) -> object:
    """Return a complex value with the parts of another; a simple value stays as it is."""
    return (
        {**element, **other} if isinstance(element, dict) and isinstance(other, dict) else element
    )


def _replace(places: Places, attribute: Attribute, position: int, old: object, new: object) -> None:
    for identity in identities_of(attribute, old) - identities_of(attribute, new):
        if places.get(identity) == position:
            del places[identity]
    for identity in identities_of(attribute, new):
        places.setdefault(identity, position)
