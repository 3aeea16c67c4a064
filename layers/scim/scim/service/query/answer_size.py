"""Walks whose slices end when the response is full.

Lambda returns at most 6 MB: 6,291,556 bytes of the JSON that it makes of a function's
result. In that JSON the body is a string in UTF-8, in which each quotation mark and backslash
takes one more byte. This module counts those bytes. The gateway compresses only afterwards,
so compression does not help, and nothing is in base64, which would take a third more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from scim.compact import carried_bytes
from scim.immutable import immutable
from scim.resource.body import Spliced
from scim.service.endpoint import Bounds
from scim.service.messages import Query
from scim.service.query.matches import Match, Position
from scim.service.query.walk import Slice, Walk
from scim.service.resources.json_text import as_spliced

PROJECTED, EXCLUDED = 8, 2
"""How many times larger than the response the bodies read for it may be, when it shows a part of
each, or all but a part."""

LARGEST = 4
"""The most bytes of one character."""

Show = Callable[[Sequence[Match]], Sequence[Mapping[str, object] | None]]
"""Returns the resources to show for the matches; None for one that no longer exists."""


def room_for_bodies(bounds: Bounds, query: Query) -> int:
    """Return how many characters of bodies to read for one page, so that they fit in memory."""
    if query.attributes:
        return bounds.answer_bytes * PROJECTED
    return bounds.answer_bytes * (EXCLUDED if query.excluded_attributes else 1)


def bytes_in_answer(resource: Spliced) -> int:
    """Return the bytes that a resource takes in the response, including its separator."""
    return carried_bytes(resource.text) + len(",")


@immutable
class SizeLimited:
    """A walk whose matches are shown; a slice has as many as fit, but at least one."""

    walk: Walk
    show: Show
    bounds: Bounds

    @property
    def order(self) -> str:
        return self.walk.order

    @property
    def is_counted(self) -> bool:
        """Whether the number of matches is known without a walk."""
        return self.walk.is_counted

    def count(self) -> int:
        """Return the number of matches."""
        return self.walk.count()

    def onward(self, after: Position | None, skip: int, number: int) -> Slice:
        """Return the matches after a position that fit."""
        part = self.walk.onward(after, skip, number)
        fitting = self._cut(part)
        if fitting.matches or not (part.matches and part.has_more):
            return fitting
        # All of them were deleted meanwhile: an empty page would look like the last one.
        return self.onward(part.matches[-1].position, 0, number)

    def first_and_total(self, skip: int, number: int) -> Slice:
        """Return the first matches that fit, and count all."""
        part = self.walk.first_and_total(skip, number)
        fitting = self._cut(part)
        if fitting.matches or not (part.matches and part.has_more):
            return fitting
        return replace(self.onward(part.matches[-1].position, 0, number), total=part.total)

    def precedes(self, one: Position, other: Position) -> bool:
        """Tell whether a position comes before another."""
        return self.walk.precedes(one, other)

    def back(self, before: Position, number: int) -> Slice:
        """Return the matches before a position that fit: the nearest ones, in the order of the walk."""
        part = self.walk.back(before, number)
        fitting = self._cut(replace(part, matches=part.matches[::-1]))
        if not fitting.matches and part.matches and part.has_more:
            return self.back(part.matches[0].position, number)
        return replace(fitting, matches=fitting.matches[::-1], shown=fitting.shown[::-1])

    def _cut(self, part: Slice) -> Slice:
        shown, matches = self.show(part.matches), part.matches
        texts = [resource for resource in shown if isinstance(resource, Spliced)]
        if len(texts) < len(shown):  # some no longer exist, or were built in another way
            existing = [
                (match, as_spliced(resource))
                for match, resource in zip(matches, shown, strict=True)
                if resource is not None
            ]
            matches, texts = tuple([match for match, _ in existing]), [text for _, text in existing]
        length = sum([len(text.text) for text in texts])
        room = self.bounds.content_bytes
        if LARGEST * (length + len(matches)) <= room:
            return Slice(matches, part.has_more, part.total, tuple(texts))
        weights = accumulate(map(bytes_in_answer, texts))
        fitting = max(sum(1 for weight in weights if weight <= room), 1)
        has_more = part.has_more or fitting < len(matches)
        return Slice(matches[:fitting], has_more, part.total, tuple(texts[:fitting]))
