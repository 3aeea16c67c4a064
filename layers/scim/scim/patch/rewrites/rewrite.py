"""What a rewrite gets in addition to the operation."""

from collections.abc import Callable, Mapping
from dataclasses import field

from scim.immutable import immutable
from scim.patch.operation import PatchOperation
from scim.patch.target import Target
from scim.profile import Profile
from scim.resource.body import value_at
from scim.resource.budget import RequestBudget
from scim.schema.resource_type import ResourceType


@immutable
class RewriteContext:
    """The resource that a request changes: its type, its id, and its body before the operation."""

    resource_type: ResourceType
    profile: Profile
    id: str | None
    body: Callable[[], Mapping[str, object]]
    budget: RequestBudget = field(default_factory=RequestBudget)

    def is_relation(self, target: Target) -> bool:
        return (
            target.ref.container is None
            and self.resource_type.relation(target.attribute.name) is not None
        )

    def values_of(self, target: Target) -> list[object]:
        """Return the values of a multi-valued attribute at this point of the request."""
        stored = value_at(self.body(), target.ref.container, target.attribute.name)
        return stored if isinstance(stored, list) else []


Rewritten = tuple[PatchOperation, ...] | None
Rewrite = Callable[[PatchOperation, RewriteContext], Rewritten]

NO_OPERATIONS: tuple[PatchOperation, ...] = ()
