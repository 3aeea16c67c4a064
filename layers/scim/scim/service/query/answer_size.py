"""Walks whose slices end where an answer is full.

Lambda hands back at most 6 MB: 6,291,556 bytes of the JSON it makes of what the function
returns. In that the answer's body is a string, UTF-8 in which each quotation mark and backslash
of the body takes a byte more. That is what is weighed here. The gateway compresses afterwards,
which makes no difference to that limit, and nothing is in base64, which would take a third more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from scim.immutable import immutable
from scim.resource.body import Spliced
from scim.service.endpoint import Bounds
from scim.service.messages import Query
from scim.service.query.matches import Match, Position
from scim.service.query.walk import Slice, Walk
from scim.service.resources.json_text import in_text

ENVELOPE = 16_384
"""What an answer takes beside its resources: the list's own members, two cursors, the headers."""

PROJECTED, EXCLUDED = 8, 2
"""How much larger than an answer the bodies may be that are read for it to show a part of each, or
all but a part."""

LARGEST = 4
"""Bytes that a character takes at most."""

Show = Callable[[Sequence[Match]], Sequence[Mapping[str, object] | None]]
"""Returns how the matches are shown, None for one that is gone by now."""


def room_for_bodies(bounds: Bounds, query: Query) -> int:
    """Return how many characters of bodies to read for one page, so that memory does for them."""
    larger = PROJECTED if query.attributes else EXCLUDED if query.excluded_attributes else 1
    return bounds.answer_bytes * larger


def weight_of(shown: Spliced) -> int:
    """Return how many bytes a resource takes of an answer, with what separates it from the next."""
    text = shown.text
    return len(text.encode()) + text.count('"') + text.count("\\") + len(",")


@immutable
class SizeLimited:
    """A walk with its matches as they are shown; a slice has as many as fit, but at least one."""

    walk: Walk
    show: Show
    bounds: Bounds

    @property
    def order(self) -> str:
        return self.walk.order

    @property
    def is_counted(self) -> bool:
        """Whether it is known without walking how many matches there are."""
        return self.walk.is_counted

    def count(self) -> int:
        """Return how many matches there are."""
        return self.walk.count()

    def onward(self, behind: Position | None, skip: int, number: int) -> Slice:
        """Return the matches behind a position that fit."""
        part = self.walk.onward(behind, skip, number)
        cut = self._cut(part)
        if cut.matches or not (part.matches and part.has_more):
            return cut
        # All of them are gone by now: a page without any would look like the last one.
        return self.onward(part.matches[-1].position, 0, number)

    def whole(self, skip: int, number: int) -> Slice:
        """Return the first matches that fit, and count all."""
        part = self.walk.whole(skip, number)
        cut = self._cut(part)
        if cut.matches or not (part.matches and part.has_more):
            return cut
        return replace(self.onward(part.matches[-1].position, 0, number), total=part.total)

    def precedes(self, one: Position, other: Position) -> bool:
        """Tell whether a position comes before another."""
        return self.walk.precedes(one, other)

    def back(self, before: Position, number: int) -> Slice:
        """Return the matches before a position that fit: the nearest, in the order of the walk."""
        part = self.walk.back(before, number)
        cut = self._cut(replace(part, matches=part.matches[::-1]))
        if not cut.matches and part.matches and part.has_more:
            return self.back(part.matches[0].position, number)
        return replace(cut, matches=cut.matches[::-1], shown=cut.shown[::-1])

    def _cut(self, part: Slice) -> Slice:
        shown, left = self.show(part.matches), part.matches
        texts = [each for each in shown if isinstance(each, Spliced)]
        if len(texts) < len(shown):  # some are gone by now, or were put together otherwise
            there = [
                (match, in_text(each))
                for match, each in zip(left, shown, strict=True)
                if each is not None
            ]
            left, texts = tuple([match for match, _ in there]), [text for _, text in there]
        length = sum([len(text.text) for text in texts])
        room = self.bounds.answer_bytes - ENVELOPE
        if LARGEST * (length + len(left)) <= room:
            return Slice(left, part.has_more, part.total, tuple(texts))
        weights = accumulate(map(weight_of, texts))
        fitting = max(sum(1 for weight in weights if weight <= room), 1)
        has_more = part.has_more or fitting < len(left)
        return Slice(left[:fitting], has_more, part.total, tuple(texts[:fitting]))
