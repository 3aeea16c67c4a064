"""The pusher while the receiver, the queue or the log fails."""

import json
import logging
from typing import Any

import pytest

from local import template as templates
from scim.access.tenant import Tenant
from scim.errors import Unavailable
from scim.profile.shipped import shipped
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.workers import push, receiver
from scim.workers.receiver import NotReachedError, PushAnswer

URL = "https://events.example.com/scim"


class Queue:
    """Remembers what it was asked for; refuses to postpone where it `is_gone`."""

    def __init__(self, *, is_gone: bool = False) -> None:
        self.is_gone = is_gone
        self.postponed: list[tuple[str, int]] = []

    def postpone(self, receipt: str, seconds: int) -> None:
        if self.is_gone:
            raise Unavailable("The queue of events cannot be reached.")
        self.postponed.append((receipt, seconds))

    def give_up(self, body: str) -> None:
        raise AssertionError(body)


def entry(*_place: object) -> LogEntry:
    raise LookupError("an item in another form")


def refusing(*_sent: str) -> PushAnswer:
    raise NotReachedError("The receiver did not respond: TimeoutError.")


def delivery(queue: Queue, **other: Any) -> push.Delivery:
    told: dict[str, Any] = {
        "entry": lambda *_: "entry",
        "tenant": lambda name: Tenant(name, ""),
        "feed": lambda _: Feed(push_url=URL),
        "catalogue": lambda _: None,
        "issuer": lambda _: "",
        "sign": lambda _: "token",
        "secret": lambda _: "",
        "post": refusing,
        "queue": queue,
        "seconds": 30,
    }
    return push.Delivery(**{**told, **other})


def records(*tenants: str, queued: float = 0.0) -> dict[str, Any]:
    places = ({"tenant": each, "lane": 0, "position": 1, "place": 0} for each in tenants)
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": f"{queued * 1000:.0f}"}
    return {
        "Records": [
            {
                "messageId": str(number),
                "receiptHandle": f"r{number}",
                "body": json.dumps(place),
                "attributes": attributes,
            }
            for number, place in enumerate(places)
        ]
    }


@pytest.fixture(autouse=True)
def _claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push._Batch, "_claims", lambda *_: {"events": {}})


def test_an_unreachable_receiver_is_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """PushDelayAlarm sends its reader there."""
    queue = Queue()
    with caplog.at_level(logging.WARNING):
        answer = push.pusher(delivery(queue))(records("acme", "other"), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "1"}]}
    assert [vars(each)["tenant"] for each in caplog.records] == ["acme", "other"]
    assert queue.postponed == [("r0", 30), ("r1", 30)]


def test_a_message_that_cannot_be_postponed_keeps_no_other_from_its_receiver() -> None:
    """Else those that were delivered would be delivered again."""
    reached: list[str] = []

    def post(_url: str, _token: str, _authorization: str) -> PushAnswer:
        reached.append("acme")
        return PushAnswer(202)

    def secret_of(name: str) -> str:
        raise Unavailable(f"The secret {name} cannot be read.")

    feeds = {"acme": Feed(push_url=URL), "other": Feed(push_url=URL, push_secret="gone")}
    own = delivery(Queue(is_gone=True), post=post, secret=secret_of, feed=feeds.__getitem__)
    answer = push.pusher(own)(records("acme", "other", "acme"), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert reached == ["acme", "acme"]


def test_an_event_that_no_receiver_accepts_is_given_up_before_sqs_drops_it() -> None:
    """A message keeps the time at which it was queued, in the queue of failures too."""
    deployed = templates.read(templates.TEMPLATE)
    most = templates.parameters_of(templates.TEMPLATE)["PushAttempts"]["MaxValue"]
    kept = deployed.properties_of("PushQueue")["MessageRetentionPeriod"]
    assert deployed.properties_of("PushFailures")["MessageRetentionPeriod"] >= kept
    # Of a suspended tenant, and of receivers that ask for it, each pause is the longest.
    assert most * push.MOST_SECONDS < kept


def test_the_age_of_the_oldest_event_is_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PushDelayAlarm watches that: SQS does not count the age of what was received three times."""
    monkeypatch.setattr(push.time, "time", lambda: 10_000.0)
    came = records("acme", queued=3_000)["Records"] + records("acme", queued=9_000)["Records"]
    push.pusher(delivery(Queue()))({"Records": came}, None)
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert line[push.WAITED] == 7_000
    (counted,) = line["_aws"]["CloudWatchMetrics"]
    assert counted["Metrics"] == [{"Name": push.WAITED, "Unit": "Seconds"}]
    alarm = templates.read(templates.TEMPLATE).properties_of("PushDelayAlarm")
    assert (alarm["MetricName"], alarm["Statistic"]) == (push.WAITED, "Maximum")
    # The metric comes with attempts; between two of them the alarm must not end.
    assert alarm["Period"] >= push.MOST_SECONDS


def test_the_events_of_suspended_tenants_wait_without_an_alarm(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push.time, "time", lambda: 10_000.0)
    tenants = {
        "acme": Tenant("acme", ""),
        "left": Tenant("left", "", suspended_at="2026-11-30T00:00:00.000Z"),
    }
    own = delivery(Queue(), tenant=tenants.__getitem__)

    def waited(*names: str) -> list[int]:
        messages = [
            {**record, "messageId": name}
            for name in names
            for record in records(name, queued=1_000 if name == "left" else 9_000)["Records"]
        ]
        answer = push.pusher(own)({"Records": messages}, None)
        assert answer == {"batchItemFailures": [{"itemIdentifier": name} for name in names]}
        lines = map(json.loads, capsys.readouterr().out.splitlines())
        return [line[push.WAITED] for line in lines if push.WAITED in line]

    assert waited("left", "acme") == [1_000]
    assert waited("left") == []


def test_an_entry_that_cannot_be_read_comes_again_and_is_not_acknowledged() -> None:
    answer = push.pusher(delivery(Queue(), entry=entry))(records("acme"), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_a_tenant_whose_profile_is_gone_keeps_no_other_from_its_receiver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else those that were delivered would be delivered again, and again."""

    def claims(_batch: object, _entry: object, tenant: Tenant, _feed: Feed) -> dict[str, object]:
        return {"events": {}, "profile": shipped(tenant.profile).name}

    monkeypatch.setattr(push._Batch, "_claims", claims)
    profiles = {"acme": "", "other": "of-last-year"}
    own = delivery(
        Queue(),
        tenant=lambda name: Tenant(name, "", profiles[name]),
        post=lambda *_: PushAnswer(202),
    )
    answer = push.pusher(own)(records("acme", "other", "acme"), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_a_batch_of_receivers_that_answer_as_slowly_as_they_may_ends_in_time() -> None:
    deployed = templates.read(templates.TEMPLATE)
    timeout = deployed.properties_of("PushFunction")["Timeout"]
    (source,) = (
        each
        for each in map(deployed.properties_of, deployed.ids_of("AWS::Lambda::EventSourceMapping"))
        if "ScalingConfig" in each
    )
    # To connect, to agree on TLS, and to answer.
    assert source["BatchSize"] * 3 * receiver.SECONDS < timeout
    assert deployed.properties_of("PushQueue")["VisibilityTimeout"] >= 6 * timeout
