"""The settings of a tenant's change feed and of its receiver, from the command line."""

import pytest

from scim.resource.history.feed import Feed
from scim.store.feed.feeds import Feeds
from tests.local.cli.conftest import Operator

URL = "https://events.example.com/scim"


def test_a_configured_feed_keeps_the_other_settings_of_the_deployment(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    words = ["feed", "set", "--tenant", "acme"]
    assert operator.json(*words, "--off")["on"] is False
    settled = operator.json(*words, "--on", "--notice", "--audience", "urn:app")
    assert (settled["on"], settled["full"], settled["audience"]) == (True, False, "urn:app")
    assert settled["days"] is None
    assert operator.json("feed", "show", "--tenant", "acme") == settled
    own = operator.access.feeds.settings("acme")
    assert Feed(days=7).with_settings(own) == Feed(days=7, is_full=False, audience="urn:app")
    assert operator.json(*words, "--reset", "full", "--days", "5")["full"] is None
    assert operator.access.feeds.settings("acme") == {
        "is_on": True,
        "audience": "urn:app",
        "days": 5,
    }


def test_a_receiver_is_named_and_taken_back(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    operator.run("feed", "set", "--tenant", "acme", "--days", "7")
    words = ["feed", "push", URL, "--tenant", "acme", "--secret", "acme-events"]
    shown = operator.json(*words, "--event", "prov:delete", "--event", "prov:patch")
    assert shown["push_events"] == ["prov:delete", "prov:patch"]
    stored: Feeds = operator.access.feeds
    assert stored.of("acme").push_url == URL
    assert operator.json("feed", "stop", "--tenant", "acme")["push_url"] is None
    assert stored.read("acme") == Feed(days=7)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["push", "http://events.example.com"], "https"),
        (["push", "https://169.254.169.254"], "public"),
        (["push", "http://127.0.0.1:9000"], "https"),
        (["push", URL, "--event", "prov:delte"], "prov:delete"),
        (["push", URL, "--secret", "a/b"], "secret"),
        (["set"], "--on"),
        (["set", "--days", "0"], "0"),
        (["set", "--days", "5", "--reset", "days"], "Either set days or reset it"),
    ],
)
@pytest.mark.sampled(3)
def test_an_invalid_receiver_is_refused_and_not_stored(
    operator: Operator, words: list[str], said: str
) -> None:
    operator.run("tenant", "create", "acme")
    assert said in operator.refusal("feed", *words, "--tenant", "acme")
    assert operator.access.feeds.settings("acme") == {}


def test_an_unknown_tenant_is_refused(operator: Operator) -> None:
    assert "no tenant" in operator.refusal("feed", "push", URL, "--tenant", "nobody")
