"""References to resources that are deleted at the same time, on DynamoDB Local."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from scim.errors import Unavailable
from scim.fsck import open_work, violations
from scim.resource.record import Key, Stale
from tests.concurrency.workers import Place
from tests.contract.reference_contract import T, of
from tests.contract.references import ended, made
from tests.contract.samples import MUCH_LATER

pytestmark = [pytest.mark.dynamodb, pytest.mark.timeout(600)]
PEOPLE = [Key("Person", f"p{number}") for number in range(4)]
ROOMS = [Key("Room", f"r{number}") for number in range(3)]
SEATS_OF_EACH = 12


def sit(place: Place, worker: int) -> int:
    """Create seats; return how many could be made."""
    directory, taken = place.directory(), 0
    for number in range(SEATS_OF_EACH):
        seat = Key("Seat", f"s{worker}-{number}")
        person, room = PEOPLE[(worker + number) % 4], ROOMS[number % 3]
        try:
            directory.create(T, made(seat, person=person, room=room))
            directory.create(T, made(Key("Key", seat.id), seat=seat))
            taken += 1
        except (Stale, Unavailable):
            continue
    return taken


def end(place: Place, key: Key) -> None:
    """Delete a resource, however often it changes meanwhile."""
    directory = place.directory()
    while key in (found := directory.read_latest(T, [key])):
        try:
            directory.delete(T, ended(found[key]))
        except (Stale, Unavailable):
            continue


def test_no_reference_dangles_whichever_write_comes_first(place: Place) -> None:
    directory = place.directory()
    for key in (*PEOPLE, *ROOMS):
        directory.create(T, made(key))
    for number in range(6):
        directory.create(T, made(Key("Seat", f"first{number}"), person=PEOPLE[0], room=ROOMS[0]))
    with ThreadPoolExecutor(8) as pool:
        seats = [pool.submit(sit, place, worker) for worker in range(4)]
        # The same resource is ended by two at once.
        ends = [pool.submit(end, place, key) for key in (PEOPLE[0], PEOPLE[0], ROOMS[0], PEOPLE[1])]
        made_ = sum(each.result() for each in seats)
        for each in ends:
            each.result()
    assert violations(place.items()) == []
    directory.sweep(MUCH_LATER, 1000)
    assert (violations(place.items()), open_work(place.items())) == ([], [])
    assert made_ > 0
    left = of(directory, PEOPLE[2]).referrers
    assert directory.count(T, "Seat") == sum(left.values()) + sum(
        of(directory, PEOPLE[3]).referrers.values()
    )
    assert directory.count(T, "Key") <= directory.count(T, "Seat")
