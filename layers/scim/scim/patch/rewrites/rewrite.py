"""What a rewrite may know beside the operation it looks at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scim.errors import InvalidPath
from scim.patch.operation import PatchOperation
from scim.patch.target import Target, extension_of, target_of
from scim.profile import Profile
from scim.resource.body import value_at
from scim.schema.resource_type import ResourceType


@dataclass(frozen=True, slots=True)
class Setting:
    """The resource a request changes: its type, its id, and its body before one operation."""

    resource_type: ResourceType
    profile: Profile
    id: str | None
    body: Callable[[], Mapping[str, object]]

    def target(self, operation: PatchOperation) -> Target | None:
        """Return the attribute the path means; None without a path, and for an extension's URN."""
        if operation.path is None or extension_of(self.resource_type, operation.path) is not None:
            return None
        return target_of(self.resource_type, operation.path, self.profile)

    def target_named(self, key: str) -> Target | None:
        """Return what a key of a value means as a path, or None when it means nothing."""
        try:
            return target_of(self.resource_type, key, self.profile)
        except InvalidPath:
            return None

    def is_relation(self, target: Target) -> bool:
        return (
            target.ref.container is None
            and self.resource_type.relation(target.attribute.name) is not None
        )

    def held(self, target: Target) -> list[object]:
        """Return the values a multi-valued attribute has at this point of the request."""
        held = value_at(self.body(), target.ref.container, target.attribute.name)
        return held if isinstance(held, list) else []


Rewritten = tuple[PatchOperation, ...] | None
Rewrite = Callable[[PatchOperation, Setting], Rewritten]

NOTHING: tuple[PatchOperation, ...] = ()
