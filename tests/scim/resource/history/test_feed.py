"""The feed settings of a tenant, and where events may be pushed."""

import pytest

from scim.resource.history.feed import Feed, unfit_receiver


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://events.example.com/scim?x=1", ""),
        ("https://events.example.com:8443", ""),
        ("https://8.8.8.8/", ""),
        ("http://events.example.com", "https"),
        ("ftp://events.example.com", "https"),
        ("events.example.com", "https"),
        ("https://", "https"),
        ("https://[::1", "no URL"),
        ("https://events.example.com:99999", "no URL"),
        ("https://user:secret@events.example.com", "credentials"),
        ("https://events.example.com/#x", "fragment"),
        ("https://localhost", "public"),
        ("https://localhost.", "public"),
        ("https://intranet", "public"),
        ("https://metadata.google.internal", "public"),
        ("https://printer.local", "public"),
        ("https://127.0.0.1", "public"),
        ("https://2130706433", "public"),
        ("https://0x7f.1", "public"),
        ("https://10.1.2.3", "public"),
        ("https://169.254.169.254/latest/meta-data", "public"),
        ("https://[::1]", "public"),
        ("https://[fd00::1]", "public"),
        ("https://[::ffff:10.0.0.1]", "public"),
    ],
)
def test_events_are_pushed_to_public_hosts_by_https(url: str, why: str) -> None:
    said = unfit_receiver(url)
    assert (bool(said), why in said) == (bool(why), True)


@pytest.mark.parametrize(
    ("wanted", "events", "expected"),
    [
        ((), ["prov:create:full"], True),
        (("prov:patch",), ["prov:patch:full"], True),
        (("prov:patch",), ["prov:patch:notice"], True),
        (("prov:patch:full",), ["prov:patch:notice"], False),
        (("prov:activate",), ["prov:patch:full", "prov:activate"], True),
        (("prov:activ",), ["prov:activate"], False),
    ],
)
def test_a_receiver_says_which_events_it_wants(
    wanted: tuple[str, ...], events: list[str], expected: bool
) -> None:
    feed = Feed(push_url="https://events.example.com", push_events=wanted)
    assert feed.pushes(events) is expected


def test_events_are_not_pushed_without_a_receiver_or_with_the_feed_off() -> None:
    assert not Feed().pushes(["prov:delete"])
    assert not Feed(is_on=False, push_url="https://events.example.com").pushes(["prov:delete"])


def test_settings_that_a_tenant_leaves_out_are_those_of_the_deployment() -> None:
    usual = Feed(is_on=False, days=7)
    settled = usual.with_settings({"is_on": True, "push_events": ["prov:delete"], "later": 1})
    assert settled == Feed(is_on=True, days=7, push_events=("prov:delete",))
