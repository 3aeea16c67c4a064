"""A session ends in time, and a link opens one session however many ask at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from scim.access.setup_link import SetupLink
from scim.access.tenant import Tenant
from scim.access.token import hash_of
from scim.bootstrap.access import access_in
from scim.errors import Unauthorized
from scim.http.console.sessions import ConsoleSessions
from scim.resource.history.act import Act
from scim.store.access.setup_links import SetupLinks
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from tests.contract.stores import moto_client, new_table
from tests.fakes.endpoint import SetClock

BEGAN, LAST, OVER = (f"2026-03-01T{time}.000Z" for time in ("10:00:00", "10:59:59", "11:00:00"))
SECRET = "s" * 43


@dataclass
class Noted:
    """Acts that were noted."""

    acts: list[Act] = field(default_factory=list)

    def note(self, act: Act) -> None:
        self.acts.append(act)


@dataclass
class Opened:
    """Sessions of the portal of one tenant, the clock they go by, and links as another request sees them."""

    sessions: ConsoleSessions
    clock: SetClock
    links: SetupLinks

    def is_open(self, cookie: str) -> bool:
        headers = {"cookie": [cookie.partition(";")[0]]}
        try:
            return self.sessions.session_of(headers).principal.tenant == "acme"
        except Unauthorized:
            return False


@pytest.fixture(name="opened")
def _opened() -> Iterator[Opened]:
    with moto_client() as client:
        name = new_table(client)
        links, tenants = (
            SetupLinks(Table(client, name, Meter(), Retry(times=0))),
            access_in(client, name).tenants,
        )
        tenants.create(Tenant("acme", BEGAN))
        links.save(
            hash_of(SECRET), SetupLink("l1", "acme", BEGAN, "2026-03-08T10:00:00.000Z", 3600)
        )
        clock = SetClock(BEGAN)
        yield Opened(
            ConsoleSessions(
                "setup",
                is_operators=False,
                permissions=frozenset({"setup:view"}),
                links=links,
                tenants=tenants,
                clock=clock,
                acts=Noted(),
            ),
            clock,
            links,
        )


def test_a_session_ends_when_its_time_is_over(opened: Opened) -> None:
    cookie = opened.sessions.exchange(SECRET)
    opened.clock.time = LAST
    assert opened.is_open(cookie)
    opened.clock.time = OVER
    assert not opened.is_open(cookie)


def test_two_simultaneous_exchanges_of_a_link_give_one_session(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = opened.links.find(hash_of(SECRET))
    monkeypatch.setattr(SetupLinks, "find", lambda *_: found)
    first = opened.sessions.exchange(SECRET)
    with pytest.raises(Unauthorized, match="already used"):
        opened.sessions.exchange(SECRET)
    assert opened.is_open(first)


def test_only_the_browser_of_an_open_session_opens_its_link_again(opened: Opened) -> None:
    cookie = opened.sessions.exchange(SECRET).partition(";")[0]
    own = {"cookie": [cookie]}
    assert opened.sessions.holds(SECRET, own)
    assert not opened.sessions.holds("t" * 43, own)
    assert not opened.sessions.holds(SECRET, {})
    assert not opened.sessions.holds(SECRET, {"cookie": [f"{cookie}x"]})
    opened.links.revoke(hash_of(SECRET), BEGAN)
    assert not opened.sessions.holds(SECRET, own)


def test_a_session_ends_with_its_link(opened: Opened) -> None:
    cookie = opened.sessions.exchange(SECRET)
    opened.links.revoke(hash_of(SECRET), BEGAN)
    assert not opened.is_open(cookie)
