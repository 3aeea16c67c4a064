"""Ids that a client takes for numbers, in filters: `id eq 1` where `id eq "1"` is meant."""

from dataclasses import replace

from scim.filter.parsing.tree import And, Comparison, Filter, Not, Or, ValuePath
from scim.profile import Profile

_NAMES = frozenset({"id", "value"})


def with_ids_as_text(wanted: Filter, profile: Profile) -> Filter:
    """Return the filter with ids compared as text, where the profile's ids are numbers at all."""
    return _read(wanted) if profile.wire.ids else wanted


def _read(wanted: Filter) -> Filter:
    match wanted:
        case Comparison(path, _, int(number)) if not isinstance(number, bool):
            name = path.sub or path.name
            return replace(wanted, value=str(number)) if name.lower() in _NAMES else wanted
        case And(terms) | Or(terms):
            return replace(wanted, terms=tuple(map(_read, terms)))
        case Not(term):
            return replace(wanted, term=_read(term))
        case ValuePath(_, inner):
            return replace(wanted, filter=_read(inner))
        case _:
            return wanted
