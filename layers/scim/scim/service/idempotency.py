"""A creation that is made once, however often it is requested with one Idempotency-Key."""

from dataclasses import replace

from scim.resource.change import Creation, Deletion, Update
from scim.resource.history.once import Once
from scim.service.ports import Directory
from scim.service.visibility.forwarded_reads import ForwardedReads


class OnceDirectory(ForwardedReads):
    """Implements the port `Directory` on another: each creation carries its Idempotency-Key."""

    def __init__(self, behind: Directory, once: Once) -> None:
        super().__init__(behind)
        self._writes = behind
        self._once = once

    def create(self, tenant: str, creation: Creation) -> int:
        return self._writes.create(tenant, replace(creation, once=self._once))

    def update(self, tenant: str, update: Update) -> int:
        return self._writes.update(tenant, update)

    def delete(self, tenant: str, deletion: Deletion) -> None:
        self._writes.delete(tenant, deletion)


class OnceEdgeDirectory(OnceDirectory):
    """The same for an edge, which is created by an update of its source."""

    def update(self, tenant: str, update: Update) -> int:
        from scim.service.resources.edge import id_of  # noqa: PLC0415 - few are served edges

        ((edge,),) = (delta.added for delta in update.edges)
        edge_id = id_of(update.before.key.id, edge.target.id)
        return self._writes.update(tenant, replace(update, once=replace(self._once, made=edge_id)))
