"""What checks of a part need to know about the whole table: little of each tenant."""

from collections import Counter, defaultdict
from collections.abc import Collection

from scim.fsck.item import Item
from scim.fsck.late_indexes import late_of

Key = tuple[str, str, str]
"""Tenant, type and id."""
Relation = tuple[str, Key, Key]
"""An attribute, the resource that has it, and its target of the same type."""


class Overview:
    """Collects facts from every item as it is read.

    `late` are the late indexes as (type, attribute); `own_late` those that tenants declare themselves,
    as (tenant, type, attribute). Only `nested` grows with the table: the relations between resources
    of one type, such as groups in groups.
    """

    def __init__(self, late: Collection[tuple[str, str]] = (), now: int = 0) -> None:
        self.late = late
        self.now = now
        self.own_late: set[tuple[str, str, str]] = set()
        self.indexed: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.built: set[tuple[str, str, str]] = set()
        self.tenants: set[str] = set()
        self.numbers: dict[tuple[str, str], int] = {}
        self.shards: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self.nested: list[Relation] = []

    def note(self, item: Item) -> None:
        """Record what checks of other parts need to know of an item."""
        match item.attributes["k"]:
            case "entry":
                self.indexed[item.tenant, item.type].add(item.parts[3])
            case "edge":
                if item.type == item.attributes["t"]:
                    source, attribute, target = ends_of(item)
                    self.nested.append((attribute, source, target))
            case "edition":
                self.own_late |= {(item.tenant, *index) for index in late_of(item)}
            case "build" if item.attributes["st"] == "built":
                type_name, _, attribute = item.sk.partition("#")
                self.built.add((item.tenant, type_name, attribute))
            case "tenant":
                self.tenants.add(item.sk)
            case "number":
                self.numbers[item.tenant, item.sk] = item.attributes["n"]
            case "count":
                type_name, _, shard = item.sk.rpartition("#")
                self.shards[item.tenant, type_name][shard] = item.attributes["n"]

    def counted(self) -> Counter[tuple[str, str]]:
        """Return the numbers of resources according to the counters, by tenant and type."""
        return Counter({counted: sum(shards.values()) for counted, shards in self.shards.items()})

    def is_complete(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether every value of an attribute must be in its index."""
        index = tenant, type_name, attribute
        is_late = (type_name, attribute) in self.late or index in self.own_late
        return not is_late or index in self.built


def ends_of(edge: Item) -> tuple[Key, str, Key]:
    """Return the source, the attribute and the target of an edge."""
    _, tenant, type_name, id_, attribute = edge.parts
    return (tenant, type_name, id_), attribute, (tenant, str(edge.attributes["t"]), edge.sk)
