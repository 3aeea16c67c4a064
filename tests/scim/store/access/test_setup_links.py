"""A link opens one session once, and secrets are stored as hashes."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.access.setup_link import ConsoleSession, SetupLink
from scim.access.token import hash_of
from scim.fsck import violations
from scim.store.access.setup_links import SetupLinks
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LINK, COOKIE = hash_of("link"), hash_of("cookie")
NOW, LATER, END = (f"2026-03-0{day}T00:00:00.000Z" for day in (1, 2, 3))
OPEN = SetupLink("abc", "acme", NOW, END, 3600, "help@example.com")


@pytest.fixture(name="links")
def _links(client: "DynamoDBClient", table_name: str) -> SetupLinks:
    return SetupLinks(Table(client, table_name, Meter(), Retry(times=0)))


def session(at: str = LATER) -> ConsoleSession:
    return ConsoleSession(LINK, at, END)


def test_a_link_is_found_by_its_hash_and_listed_under_its_tenant(links: SetupLinks) -> None:
    links.save(LINK, OPEN)
    links.save(hash_of("other"), replace(OPEN, link_id="def", tenant="globex"))
    assert links.find(LINK) == OPEN
    assert links.of_tenant("acme") == {LINK: OPEN}
    assert links.find(hash_of("nobody's")) is None
    over = replace(OPEN, used_at=NOW, revoked_at=LATER)
    links.save(LINK, over)
    assert links.find(LINK) == over


def test_a_link_without_a_tenant_is_the_consoles_and_listed_there(links: SetupLinks) -> None:
    links.save(LINK, replace(OPEN, tenant=""))
    links.save(hash_of("acme's"), OPEN)
    assert links.of_tenant("") == {LINK: replace(OPEN, tenant="")}


def test_a_session_by_sign_in_has_a_used_link_of_the_console(
    links: SetupLinks, client: "DynamoDBClient", table_name: str
) -> None:
    signed_in = replace(OPEN, tenant="", contact="", used_at=NOW, person="kim@example.com")
    with_person = ConsoleSession(COOKIE, NOW, END, "kim@example.com", "terms")
    links.begin(COOKIE, with_person, signed_in)
    assert links.of_tenant("") == {COOKIE: signed_in}
    assert links.session(COOKIE) == with_person
    assert violations(client.scan(TableName=table_name)["Items"]) == []


def test_revoking_a_link_that_is_forgotten_does_not_bring_it_back(links: SetupLinks) -> None:
    links.revoke(LINK, NOW)
    assert links.find(LINK) is None


def test_a_link_opens_one_session(links: SetupLinks) -> None:
    links.save(LINK, OPEN)
    assert links.exchange(COOKIE, session())
    assert links.session(COOKIE) == session()
    assert not links.exchange(hash_of("another"), session())
    assert links.session(hash_of("another")) is None
    assert links.find(LINK) == replace(OPEN, used_at=LATER)


def test_a_link_that_has_ended_or_is_not_there_opens_none(links: SetupLinks) -> None:
    assert not links.exchange(COOKIE, session())
    links.save(LINK, OPEN)
    assert not links.exchange(COOKIE, session(at=END))
    links.revoke(LINK, NOW)
    assert not links.exchange(COOKIE, session())
    assert links.session(COOKIE) is None


def test_a_session_that_is_over_is_forgotten(links: SetupLinks) -> None:
    links.save(LINK, OPEN)
    links.exchange(COOKIE, session())
    links.end(COOKIE)
    assert links.session(COOKIE) is None


@pytest.mark.parametrize(
    ("link", "now", "why"),
    [
        (OPEN, LATER, ""),
        (OPEN, END, "This link has expired."),
        (
            replace(OPEN, used_at=NOW),
            LATER,
            "This link was already used; each link can be opened once.",
        ),
        (replace(OPEN, revoked_at=NOW, used_at=NOW), LATER, "This link was revoked."),
    ],
    ids=["open", "expired", "used", "revoked"],
)
def test_a_link_says_why_it_opens_nothing(link: SetupLink, now: str, why: str) -> None:
    assert link.refusal(now) == why


def test_stored_links_and_sessions_are_sound_and_hold_no_secret(
    links: SetupLinks, client: "DynamoDBClient", table_name: str
) -> None:
    links.save(LINK, OPEN)
    links.exchange(COOKIE, session())
    items = client.scan(TableName=table_name)["Items"]
    assert {item["k"]["S"] for item in items} == {"setupLink", "setupLinkName", "session"}
    assert violations(items) == []
