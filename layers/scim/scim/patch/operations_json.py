"""The plain operations of a PATCH as JSON, without values that no response contains."""

from collections.abc import Iterable

from scim.patch.key import ValueKey
from scim.patch.operation import PatchOperation
from scim.patch.target import Target
from scim.resource.body import without_parts
from scim.resource.secret import is_hidden
from scim.schema.resource_type import AttributeRef


def operations_json(operations: Iterable[PatchOperation]) -> list[dict[str, object]]:
    """Return the plain operations of a PATCH as JSON, without values that no response contains."""
    return [
        {
            "op": str(operation.op),
            **({} if operation.path is None else {"path": str(operation.path)}),
            **({} if (value := _value_shown(operation)) is None else {"value": value}),
        }
        for operation in operations
    ]


def _value_shown(operation: PatchOperation) -> object:
    match operation.path:
        case (
            Target(ref=ref)
            | ValueKey(name=AttributeRef() as ref)
            | ValueKey(target=Target(ref=ref))
        ):
            hidden_parts = (
                []
                if ref.sub
                else [sub.name for sub in ref.attribute.sub_attributes if is_hidden(sub)]
            )
            is_shown = not is_hidden(ref.attribute) and not is_hidden(ref.leaf)
            return without_parts(operation.value, hidden_parts) if is_shown else None
        case _:
            return None
