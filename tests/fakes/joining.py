"""A directory in which several resources are made together."""

from collections.abc import Sequence

from scim.errors import ScimError
from scim.resource.change import Creation
from scim.resource.record import Stale
from tests.fakes.directory import FakeDirectory


class JoiningDirectory(FakeDirectory):
    """Makes resources together; `together` are their user names, a list each time."""

    def __init__(self) -> None:
        super().__init__()
        self.together: list[list[object]] = []

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> Sequence[Exception | None]:
        self.together.append([creation.body.get("userName") for creation in creations])
        return [self._refusal(tenant, creation) for creation in creations]

    def _refusal(self, tenant: str, creation: Creation) -> Exception | None:
        try:
            self.create(tenant, creation)
        except (Stale, ScimError) as refusal:
            return refusal
        return None
