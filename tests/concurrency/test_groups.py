"""Groups under simultaneous changes and killed processes, on DynamoDB Local."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.loader import Loader
from scim.fsck import open_work, violations
from scim.resource.access_path import Direction
from scim.resource.record import Key
from scim.service.messages import Query
from scim.service.query.edge_search import search_edges
from scim.service.system import SystemClock
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.retry import Retry
from tests.concurrency.workers import (
    Place,
    add_and_die,
    add_each,
    at_once,
    conflicting,
    deployment,
    nest_each,
    sweep_and_die,
    was_killed,
)
from tests.fakes.endpoint import TENANT, FakeDeployment

pytestmark = [pytest.mark.dynamodb, pytest.mark.timeout(900)]
PROCESSES = 8


def people(place: Place, number: int) -> list[str]:
    """Create users, return their ids."""
    loader = Loader(place.client(), place.table, TENANT, SystemClock().now())
    (group,) = loader.load([number], "people").values()
    return sorted(members(place, group))


def members(place: Place, group: str) -> set[str]:
    """Return the ids of the targets of all edges."""
    directory = place.directory()
    found: set[str] = set()
    after: str | None = None
    while True:
        page = directory.edges(TENANT, Key("Group", group), "members", Direction.UP, after, 1000)
        found |= {edge.target.id for edge in page.edges}
        after = page.beyond
        if after is None:
            return found


def sound(place: Place) -> bool:
    """Tell whether nothing is wrong with the table and nothing left to do."""
    everything = place.items()
    assert violations(everything) == []
    assert open_work(everything) == []
    return True


def service(place: Place) -> FakeDeployment:
    return deployment(place.directory())


def test_64_parallel_single_additions_are_64_members(place: Place) -> None:
    ids = people(place, 64)
    group = service(place).group("crowd")
    calls = [(place, group, [[id_] for id_ in ids[n::PROCESSES]]) for n in range(PROCESSES)]
    assert at_once(add_each, calls) == []
    assert members(place, group) == set(ids)
    head = place.directory().read_latest(TENANT, [Key("Group", group)])[Key("Group", group)]
    assert (head.counts, head.version) == ({"members": 64}, 65)
    assert sound(place)


def test_32_parallel_overlapping_additions_of_256_are_the_union(place: Place) -> None:
    ids = people(place, 1000)
    group = service(place).group("crowd")
    batches = [[ids[(start * 24 + n) % 1000] for n in range(256)] for start in range(32)]
    calls = [(place, group, batches[n::PROCESSES]) for n in range(PROCESSES)]
    assert at_once(add_each, calls) == []
    assert members(place, group) == {id_ for batch in batches for id_ in batch}
    assert sound(place)


def test_groups_nested_from_all_sides_at_once_never_contain_themselves(place: Place) -> None:
    owner = service(place)
    groups = [owner.group(f"g{n}") for n in range(12)]
    pairs = [
        (groups[n], groups[(n + step) % len(groups)])
        for n in range(len(groups))
        for step in (1, 2, 5)
    ]
    calls = [(place, pairs[n::PROCESSES]) for n in range(PROCESSES)]
    refused = at_once(nest_each, calls)
    # On a busy machine some give up, as a client may that is told to come again later.
    assert "400 invalidValue" in set(refused) <= {"400 invalidValue", "503 None"}
    assert sound(place)


def test_killed_before_any_write_of_a_large_change_it_is_made_whole_or_not_at_all(
    place: Place,
) -> None:
    ids = people(place, 1000)
    writes = 0
    while True:
        group = service(place).group(f"crowd {writes}")
        killed = was_killed(add_and_die, place, group, ids, writes)
        if writes % 2:
            service(place).read("Group", group, excluded=("members",))
        else:
            place.directory().sweep(SystemClock().now(), 10_000)
        assert members(place, group) == (set() if writes == 0 else set(ids))
        service(place).delete("Group", group)
        if not killed:
            break
        writes += 1
    # One that marks the head and writes the journal, a slice for each 49, one that ends it.
    assert writes == 1 + -(-1000 // 49) + 1
    while not place.directory().sweep(SystemClock().now(), 10_000).is_done:
        pass
    assert sound(place)


def test_a_change_after_a_death_is_decided_on_the_whole_interrupted_change(place: Place) -> None:
    ids = people(place, 200)
    group = service(place).group("crowd", *ids[:100])
    crew = service(place).group("crew")
    assert was_killed(add_and_die, place, crew, ids, 2)
    service(place).remove(crew, ids[-1])
    assert members(place, crew) == set(ids[:-1])
    assert members(place, group) == set(ids[:100])
    assert sound(place)


def test_a_user_in_5000_groups_is_gone_at_once_and_cleaned_up_after(place: Place) -> None:
    loader = Loader(place.client(), place.table, TENANT, SystemClock().now())
    user, groups = loader.load_joiner(5000, "joiner")
    directory = place.directory()
    busy = deployment(directory)
    directory.meter.reset()
    busy.delete("User", user)
    assert directory.meter.reading().round_trips <= 2
    again = busy.user("joiner")
    assert again != user

    def nothing_dangles(group: str) -> None:
        assert busy.shown("Group", group)["members"] == []
        assert busy.search("Group", filter=f'members.value eq "{user}"').total == 0
        endpoint = busy.endpoint("GroupMember")
        for text in (f'member.value eq "{user}"', f'group.value eq "{group}"'):
            assert search_edges(endpoint, Query(filter=text)).resources == ()

    nothing_dangles(groups[0])
    kills = 0
    while was_killed(sweep_and_die, place, SystemClock().now(), 30):
        kills += 1
        nothing_dangles(groups[kills * 97])
        assert violations(place.items()) == []
    assert kills >= 3
    assert sound(place)
    assert busy.shown("Group", groups[-1])["meta"]["version"] == 'W/"2"'


def test_conflicts_are_waited_out_without_a_refusal(place: Place) -> None:
    ids = people(place, 64)
    client = place.client()
    patient = DynamoDirectory(client, place.table, retry=Retry(first=0.001, longest=0.01))
    group = deployment(patient).group("crowd")
    with conflicting(client, 0.3, seed=7) as met, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda id_: deployment(patient).add(group, id_), ids))
    assert len(answers) == 64
    assert met[0] > 10
    assert members(place, group) == set(ids)
    assert sound(place)
