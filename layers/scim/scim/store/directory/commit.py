"""Makes changes: in one transaction when it holds them, journaled when it does not."""

from collections.abc import Sequence

from scim.errors import Unavailable
from scim.resource.change import Guard
from scim.resource.record import Key
from scim.store.directory.journal import completion, journal_steps
from scim.store.directory.links import Moves
from scim.store.directory.nesting_guard import moved_on
from scim.store.directory.resource_item import is_live, with_counts
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA
from scim.store.dynamodb.write import MAX_STEPS, Refused, Step, joined
from scim.store.keys.directory import resource_key, tenant_key

ROUNDS = 8


class Changes:
    """The writing side of the directory; `width` bounds the edges of one transaction."""

    def __init__(self, table: Table, width: int) -> None:
        self._table = table
        self._width = width
        # Tenants this process has named to the sweeper; naming one twice does no harm.
        self._named: set[str] = set()

    def make(self, head: Step, rest: Sequence[Step], moves: Moves, guards: Sequence[Guard]) -> None:
        """Make the change. Raises what a refused step means."""
        if self.outgrows(len(rest), moves, guards):
            self._make_journaled(head, rest, moves, guards)
            return
        rest = [*rest, *moved_on(moves.tenant, moves.source.type, guards)]
        for _ in range(ROUNDS):
            try:
                self.write(joined((with_counts(head, moves.counts()), *rest, *moves.steps())))
            except Refused as refused:
                if self.has_completed(moves.tenant, moves.source, refused, moves.now):
                    continue
                reduced = moves.without_gone(refused)
                if reduced is None:
                    raise refused.cause() from refused
                moves = reduced
            else:
                return
        raise too_contended()

    def outgrows(self, rest: int, moves: Moves, guards: Sequence[Guard]) -> bool:
        """Tell whether a change with so many other steps is more than one transaction."""
        steps = rest + len(guards) + 2 * len(moves.moves) + 1
        return steps > MAX_STEPS or len(moves.moves) > self._width

    def write(self, steps: Sequence[Step]) -> None:
        """Make the steps as they are. Raises Refused."""
        self._table.write(steps)

    def write_open(self, tenant: str, steps: Sequence[Step]) -> None:
        """Make the steps, which leave work behind, so that the sweeper finds it. Raises Refused."""
        named = [] if tenant in self._named else [_named(tenant)]
        self._table.write([*steps, *named])
        self._named.add(tenant)

    def has_completed(self, tenant: str, key: Key, refused: Refused, now: str) -> bool:
        """Complete the journal that was in the way; tell whether there was one."""
        item_key = resource_key(tenant, key)
        met = [failure.item for failure in refused.failures if failure.step.item_key == item_key]
        if not any(is_live(item) and "j" in item for item in met):
            return False
        self.complete(tenant, key, now)
        return True

    def complete(self, tenant: str, key: Key, now: str) -> None:
        """Bring the resource's journal to its end, if there is one."""
        for _ in completion(self._table, tenant, key, now):
            pass

    def _make_journaled(
        self, head: Step, rest: Sequence[Step], moves: Moves, guards: Sequence[Guard]
    ) -> None:
        tenant, key, now = moves.tenant, moves.source, moves.now
        steps = journal_steps(head, moves, guards, self._width)
        for _ in range(ROUNDS):
            try:
                self.write_open(tenant, [*steps, *rest])
            except Refused as refused:
                if not self.has_completed(tenant, key, refused, now):
                    raise refused.cause() from refused
            else:
                self.complete(tenant, key, now)
                return
        raise too_contended()


def too_contended() -> Unavailable:
    """Return what the client is told when others were faster every time."""
    return Unavailable("Others change the same resource at the moment; try again.")


def _named(tenant: str) -> Step:
    return Step("Put", tenant_key(tenant), item={"k": "tenant", "s": SCHEMA})
