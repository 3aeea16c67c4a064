"""Rewrites the dialects of real clients to plain RFC 7644 operations, before the engine sees them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from scim.filter.parsing.tree import comparisons_in
from scim.immutable import REMEMBERED, immutable
from scim.patch.apply import unfinished
from scim.patch.key import ValueKey
from scim.patch.operation import Op, PatchOperation, located
from scim.patch.rewrites.elements import created_by_filter, removed_by_value
from scim.patch.rewrites.keys import (
    dotted_key,
    foreign_schemas,
    needed_for_sets,
    plain_key,
    read_only_echo,
    short_name,
    spread,
    unknown_attribute,
    unknown_null,
)
from scim.patch.rewrites.rewrite import Rewrite, RewriteContext
from scim.patch.rewrites.values import (
    bare_reference,
    json_text,
    named_again,
    null_value,
    set_in_list,
    set_in_text,
    single_selected,
    wrapped_values,
)
from scim.patch.target import Target
from scim.profile import Profile, Tolerance
from scim.resource.budget import RequestBudget
from scim.schema.resource_type import ResourceType

REWRITES: Final[tuple[tuple[Tolerance | None, Rewrite], ...]] = (
    (Tolerance.READ_ONLY_ECHO, read_only_echo),
    (Tolerance.FOREIGN_SCHEMAS, foreign_schemas),
    (Tolerance.NULL_VALUES, unknown_null),
    (None, short_name),
    (Tolerance.DOTTED_KEYS, dotted_key),
    (None, plain_key),
    (Tolerance.UNKNOWN_ATTRIBUTES, unknown_attribute),
    (Tolerance.WRAPPED_VALUES, named_again),
    (Tolerance.LIST_OF_ONE, single_selected),
    (Tolerance.JSON_TEXT, json_text),
    (Tolerance.BARE_REFERENCE, bare_reference),
    (Tolerance.NULL_VALUES, null_value),
    (Tolerance.WRAPPED_VALUES, wrapped_values),
    (Tolerance.REMOVE_BY_VALUE, removed_by_value),
    (Tolerance.CREATE_BY_FILTER, created_by_filter),
)
"""The rewrites in order; each sees the operations that earlier ones made."""

OF_KEYS: Final = (unknown_null, short_name, dotted_key, plain_key, unknown_attribute)
"""The rewrites that apply only to a key of a value without a path."""

_COMPARISONS_AN_OPERATION: Final = 20
_COMPARISONS_A_TERM: Final = 200
"""The cost, in comparisons, of all rewrites for one operation, and for each filter term in its key."""


@immutable
class Normalised:
    """Operations that a strict server understands, and the tolerances that applied."""

    operations: tuple[PatchOperation, ...]
    tolerated: frozenset[Tolerance] = frozenset()


@dataclass(frozen=True)
class _Progress:
    """A body with pending operations, which are applied only when the body is read."""

    resource_type: ResourceType
    profile: Profile
    start: Mapping[str, object]
    budget: RequestBudget
    pending: tuple[PatchOperation, ...] = ()

    def look(self) -> Mapping[str, object]:
        """Return the body after all operations so far."""
        return self._body

    @cached_property
    def _body(self) -> Mapping[str, object]:
        if not self.pending:
            return self.start
        return unfinished(
            self.resource_type, self.start, self.pending, self.profile, self.budget
        ).body

    def after(self, operations: tuple[PatchOperation, ...]) -> "_Progress":
        """Return the progress after more operations; operations already applied are not applied again."""
        if "_body" in self.__dict__:
            return replace(self, start=self._body, pending=operations)
        return replace(self, pending=self.pending + operations)


def normalised(
    resource_type: ResourceType,
    body: Mapping[str, object],
    operations: Sequence[PatchOperation],
    profile: Profile,
    budget: RequestBudget,
) -> Normalised:
    """Return plain operations that do what the client meant.

    `body` is the resource's body, with its id under `id`. Rewrites see it after the earlier
    operations, so that two operations with the same filter fill the same new value.
    """
    stored_id = body.get("id")
    id_ = stored_id if isinstance(stored_id, str) else None
    progress = _Progress(resource_type, profile, body, budget)
    plain_operations: list[PatchOperation] = []
    tolerated: frozenset[Tolerance] = frozenset()
    for operation in operations:
        budget.require_time()
        with located(operation):
            if is_plain(operation):
                budget.compare(_COMPARISONS_AN_OPERATION)
                rewritten = Normalised((operation,))
            else:
                context = RewriteContext(resource_type, profile, id_, progress.look, budget)
                rewritten = _rewritten(operation, context, progress)
        plain_operations.extend(rewritten.operations)
        tolerated |= rewritten.tolerated
        if operation is not operations[-1]:
            progress = progress.after(rewritten.operations)
    return Normalised(tuple(plain_operations), tolerated)


def _charged_spread(operation: PatchOperation, context: RewriteContext) -> Iterator[PatchOperation]:
    """Yield an operation for each key of its value; charge the budget for reading each."""
    for keyed_operation in spread(operation, context):
        target = keyed_operation.path.target if isinstance(keyed_operation.path, ValueKey) else None
        filter_ = None if target is None else target.filter
        terms = 0 if filter_ is None else comparisons_in(filter_)
        context.budget.compare(_COMPARISONS_AN_OPERATION + _COMPARISONS_A_TERM * terms)
        yield keyed_operation


@lru_cache(maxsize=REMEMBERED)
def _rewrites_for(
    tolerances: frozenset[Tolerance], *, has_keys: bool
) -> Sequence[tuple[Tolerance | None, Rewrite]]:
    return [
        (name, rewrite)
        for name, rewrite in REWRITES
        if (name is None or name in tolerances) and (has_keys or rewrite not in OF_KEYS)
    ]


def is_plain(operation: PatchOperation) -> bool:
    """Return whether no rewrite applies: most operations set a simple value, or add objects such as members."""
    path, value = operation.path, operation.value
    if not isinstance(path, Target) or operation.op is Op.REMOVE:
        return False
    attribute = path.attribute
    if path.filter is not None or attribute.is_read_only:
        return False
    if value.__class__ is list:
        is_whole_list = path.sub is None and attribute.multi_valued and attribute.is_complex
        return is_whole_list and all(map(_is_plain_object, value))
    if value.__class__ not in _SIMPLE or value == "":
        return False
    leaf = path.ref.leaf
    return not (leaf.is_complex or leaf.multi_valued or attribute.multi_valued)


def _is_plain_object(element: object) -> bool:
    """Return whether all parts of an object are booleans, or texts that are not JSON."""
    return element.__class__ is dict and all(
        part.__class__ is bool or (part.__class__ is str and "{" not in part)
        for part in element.values()
    )


_SETS: Final = ((Tolerance.LIST_OF_ONE, set_in_list), (Tolerance.JSON_TEXT, set_in_text))
_SIMPLE: Final = frozenset({str, bool, int, float})


def _rewritten(
    operation: PatchOperation, context: RewriteContext, progress: _Progress
) -> Normalised:
    tolerated: set[Tolerance] = set()
    for set_tolerance, with_plain_sets in _SETS:
        if context.profile.tolerates(set_tolerance):
            operation_before, operation = operation, with_plain_sets(operation, context)
            tolerated |= {set_tolerance} if operation_before is not operation else set()
    tolerated |= needed_for_sets(operation, context)
    current = tuple(_charged_spread(operation, context))
    has_keys = any(isinstance(plain_operation.path, ValueKey) for plain_operation in current)
    for tolerance, rewrite in _rewrites_for(context.profile.tolerances, has_keys=has_keys):
        following: list[PatchOperation] | None = None
        if rewrite is created_by_filter and has_keys and len(current) > 1:
            created = _created(current, context, progress)
            return Normalised(created.operations, created.tolerated | tolerated)
        for position, plain_operation in enumerate(current):
            replacements = rewrite(plain_operation, context)
            if replacements is not None:  # rarely: a rewrite seldom applies
                following = list(current[:position]) if following is None else following
                following.extend(replacements)
            elif following is not None:
                following.append(plain_operation)
        if following is not None:
            current = tuple(following)
            if tolerance is not None:
                tolerated.add(tolerance)
    return Normalised(current, frozenset(tolerated))


def _created(
    operations: Sequence[PatchOperation], context: RewriteContext, progress: _Progress
) -> Normalised:
    """Create the values that the filters in the keys of one value describe; this is the last rewrite.

    Each key sees what the keys before it created, so that the parts of a value make one value.
    """
    plain_operations: list[PatchOperation] = []
    tolerated: frozenset[Tolerance] = frozenset()
    applied = 0
    for operation in operations:
        target = operation.target
        names_parts = target is not None and target.attribute.multi_valued and not target.is_whole
        if names_parts and applied < len(plain_operations):
            progress = progress.after(tuple(plain_operations[applied:]))
            applied, context = len(plain_operations), replace(context, body=progress.look)
        new_operations = created_by_filter(operation, context)
        if new_operations is not None:
            tolerated = frozenset({Tolerance.CREATE_BY_FILTER})
        plain_operations.extend((operation,) if new_operations is None else new_operations)
    return Normalised(tuple(plain_operations), tolerated)
