"""Rewrites of operations that address values of multi-valued attributes in nonstandard ways."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from scim.errors import InvalidValue
from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Operator,
    conjunction_of,
    disjunction_of,
)
from scim.patch.multi_value import selection, spend_on_selection
from scim.patch.operation import Op, PatchOperation
from scim.patch.relation import identifier_in
from scim.patch.rewrites.rewrite import RewriteContext, Rewritten
from scim.patch.target import Target
from scim.profile import Tolerance
from scim.resource.relations import has_parts
from scim.schema.schema import Attribute
from scim.schema.spelling import boolean_in, text_of, unwrapped

_VALUE = "value"
_TYPE = "type"
_IDS_AT_ONCE = 16


def removed_by_value(operation: PatchOperation, context: RewriteContext) -> Rewritten:
    """Remove only the listed values, and of those only the existing ones.

    Raises InvalidValue for a value of a relation that names no resource: the client would take an
    answer without effect for a removal.
    tests/idp/entra.jsonl "remove member, value array without filter";
    tests/idp/authentik.jsonl "remove member by value array".
    """
    target = operation.target
    if operation.op is not Op.REMOVE or target is None or not target.attribute.multi_valued:
        return None
    is_refused = target.attribute.is_read_only  # by the engine, whatever is listed
    if is_refused or not target.is_whole or operation.value in (None, {}):
        return None
    values = operation.value if isinstance(operation.value, list) else [operation.value]
    if context.is_relation(target):
        filters = _id_filters(list(dict.fromkeys(_ids_in(values, target.attribute.name))))
    else:
        filters = _filters_of_present(target, values, context)
    return tuple(
        operation.removal(Target(target.ref, filter_, target.tolerated)) for filter_ in filters
    )


def created_by_filter(operation: PatchOperation, context: RewriteContext) -> Rewritten:
    """Add the value that a filter like `type eq "work"` describes if no value matches it.

    A part without a filter (`emails.value`) is added as a value of its own if there are no values: a
    replace of what does not exist is an add (RFC 7644 section 3.5.2.3).
    For replace, the filter must be a canonical type or `primary eq true`, and a sub-attribute must
    follow it; any other filter without a match remains NoTarget (RFC 7644 section 3.5.2.3). For add,
    the filter can have any type, `primary` or both, and the value can be an object, also in a list
    of one, without a sub-attribute in the path (section 3.5.2.1).
    tests/idp/entra.jsonl "add e-mail of a type not present",
    "replace phone of a type not present", "add postal address parts";
    tests/idp/helloid.jsonl "update a user without an e-mail".
    """
    target = operation.target
    if target is None or target.is_whole or not target.attribute.multi_valued:
        return None
    if operation.op is Op.REMOVE:
        return None
    is_added = operation.op is Op.ADD
    parts = _parts_described(operation.op, target, context)
    if parts is None or _selects(target, context):
        return None
    element = _element(parts, target, operation.value)
    if element is None or (target.sub is None and not is_added):
        return None
    return (
        PatchOperation(
            Op.ADD, Target(target.whole, None, target.tolerated), [element], operation.position
        ),
    )


def _selects(target: Target, context: RewriteContext) -> bool:
    """Return whether the path selects a value; true where that is not for a rewrite to decide."""
    if context.is_relation(target) or target.attribute.is_read_only:
        return True
    values = context.values_of(target)
    spend_on_selection(target, values, context.budget)
    return any(map(selection(target, context.profile), values))


def _ids_in(values: list[object], where: str) -> Iterator[str]:
    """Yield the id in each value that has parts. Raises InvalidValue for one without an id."""
    for position, value in enumerate(values):
        id_ = identifier_in(value) or text_of(unwrapped(value))
        if id_ is not None:
            yield id_
        elif has_parts(value):
            raise InvalidValue(f"{where}[{position}].value: the id of a resource is required.")


def _id_filters(ids: list[str]) -> Iterator[Filter]:
    """Yield filters that name the ids, `_IDS_AT_ONCE` in each, so that there are few, short filters."""
    for start in range(0, len(ids), _IDS_AT_ONCE):
        yield disjunction_of(_equal(_VALUE, id_) for id_ in ids[start : start + _IDS_AT_ONCE])


def _parts_described(op: Op, target: Target, context: RewriteContext) -> dict[str, object] | None:
    if target.filter is None:
        return {}
    parts_of = _parts_to_add if op is Op.ADD else _described
    return parts_of(target.attribute, target.filter, context)


def _described(
    attribute: Attribute, filter_: Filter, context: RewriteContext
) -> dict[str, object] | None:
    match filter_:
        case Comparison(AttributePath(None, name, None), Operator.EQ, value):
            sub = attribute.sub(name)
        case _:
            return None
    if sub is None:
        return None
    if sub.name == "type" and isinstance(value, str):
        canonical = {spelling.lower(): spelling for spelling in sub.canonical_values}
        canonical_type = canonical.get(value.lower())
        return None if canonical_type is None else {"type": canonical_type}
    if sub.name == "primary" and _boolean_of(value, context) is True:
        return {"primary": True}
    return None


def _parts_to_add(
    attribute: Attribute, filter_: Filter, context: RewriteContext
) -> dict[str, object] | None:
    """Return the `type` and `primary` that a filter of `eq` terms describes, None for any other filter."""
    match filter_:
        case And(terms):
            parts_of_terms = [_parts_to_add(attribute, term, context) for term in terms]
            known_parts = [parts for parts in parts_of_terms if parts is not None]
            names = [name for parts in known_parts for name in parts]
            is_clear = len(known_parts) == len(parts_of_terms) and len(set(names)) == len(names)
            if not is_clear:
                return None
            return {name: part for parts in known_parts for name, part in parts.items()}
        case Comparison(AttributePath(None, name, None), Operator.EQ, value):
            sub = attribute.sub(name)
        case _:
            return None
    match None if sub is None else sub.name:
        case "type" if isinstance(value, str):
            return _described(attribute, filter_, context) or {"type": value}
        case "primary" if (is_primary := _boolean_of(value, context)) is not None:
            return {"primary": is_primary}
    return None


def _element(
    parts: Mapping[str, object], target: Target, value: object
) -> dict[str, object] | None:
    """Return the described value with the sent sub-attribute, or with the parts of the sent object."""
    if target.sub is not None:
        return None if target.sub.is_read_only else {**parts, target.sub.name: value}
    sent = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(sent, Mapping):
        return None
    sent_names = {str(name).lower() for name in sent}
    return {**{k: v for k, v in parts.items() if k not in sent_names}, **sent}


def _boolean_of(value: Literal, context: RewriteContext) -> bool | None:
    """Return the boolean that a literal of a filter is, or spells where that is tolerated, else None."""
    if isinstance(value, bool):
        return value
    return boolean_in(value) if context.profile.tolerates(Tolerance.STRING_BOOLEAN) else None


def _filters_of_present(
    target: Target, values: list[object], context: RewriteContext
) -> Iterator[Filter]:
    """Yield a filter for each listed value that exists.

    `value` and `type` identify it (RFC 7643 section 2.4), `value` alone if no held value has both.
    """
    stored = context.values_of(target)
    remaining = stored
    for value in values:
        for filter_ in _filters_like(target.attribute, value):
            selection_target = Target(target.ref, filter_)
            spend_on_selection(selection_target, stored, context.budget)
            is_match = selection(selection_target, context.profile)
            if any(map(is_match, stored)):
                if any(map(is_match, remaining)):
                    yield filter_
                    remaining = [element for element in remaining if not is_match(element)]
                break


def _filters_like(attribute: Attribute, value: object) -> Iterator[Filter]:
    """Yield the filters that a listed value can stand for, the narrowest first."""
    whole_literal = _literal(value)
    if whole_literal is not None:
        yield _equal(_VALUE, whole_literal)
    if not isinstance(value, dict):
        return
    parts = {
        sub.name: literal
        for name, part in value.items()
        if (sub := attribute.sub(str(name))) and (literal := _literal(part)) is not None
    }
    if _VALUE not in parts:
        if parts:
            yield conjunction_of(_equal(name, part) for name, part in parts.items())
        return
    if isinstance(parts.get(_TYPE), str):
        yield conjunction_of(_equal(name, parts[name]) for name in (_VALUE, _TYPE))
    yield _equal(_VALUE, parts[_VALUE])


def _literal(value: object) -> Literal:
    """Return a simple value as the literal of a filter, None for any other value."""
    if isinstance(value, float):
        return Decimal(str(value))
    return value if isinstance(value, str | bool | int | Decimal) else None


def _equal(name: str, value: Literal) -> Comparison:
    return Comparison(AttributePath(None, name), Operator.EQ, value)
