"""Feeds: whether a tenant's changes are logged, what their events contain, and where they are pushed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from scim.access.issuer import is_loopback
from scim.errors import InvalidValue
from scim.resource.history.feed import Feed, unfit_receiver
from scim.service.administration.ports import Administration, OperationResult
from scim.service.administration.requests import ByTenant, FeedSettings, NewReceiver
from scim.service.administration.suggestions import suggestion
from scim.service.feed.events import EVENT_URIS, PREFIX

_SHOWN = {"is_on": "on", "is_full": "full"}
_FULL = [uri.removeprefix(PREFIX) for uri in EVENT_URIS]
_EVENTS = sorted({*_FULL, *(event.rpartition(":")[0] for event in _FULL if event.count(":") > 1)})


def show_feed(administration: Administration, request: ByTenant) -> OperationResult:
    """Show a tenant's change feed settings; where one is null, those of `deployment` apply."""
    return _settings_result(
        administration, request.tenant, administration.feeds.settings(request.tenant)
    )


def set_feed(administration: Administration, request: FeedSettings) -> OperationResult:
    """Change a tenant's change feed settings; omitted ones stay the same, null restores the deployment's.

    Takes effect within a minute.
    """
    settings = {
        "is_on": "on",
        "days": "days",
        "is_full": "full",
        "audience": "audience",
    }
    changes = {
        setting: getattr(request, member)
        for setting, member in settings.items()
        if member in request.model_fields_set
    }
    if not changes:
        raise InvalidValue("Give a setting: on, days, full or audience.")
    return _change(administration, request.tenant, changes)


def push_feed(administration: Administration, request: NewReceiver) -> OperationResult:
    """Push a tenant's events to a URL (RFC 8935), which must use https and a public address."""
    is_here = administration.allows_loopback and is_loopback(request.url)
    if (reason := unfit_receiver(request.url)) and not is_here:
        raise InvalidValue(f"url: {reason}.")
    for event in request.events:
        if event not in _EVENTS:
            raise InvalidValue(f"There is no event {event}.{suggestion(event, _EVENTS)}")
    receiver = {
        "push_url": request.url,
        "push_secret": request.secret,
        "push_events": list(request.events),
    }
    return _change(administration, request.tenant, receiver)


def stop_feed(administration: Administration, request: ByTenant) -> OperationResult:
    """Stop pushing a tenant's events, and drop the waiting ones."""
    drop_receiver(administration, request.tenant)
    return show_feed(administration, request)


def drop_receiver(administration: Administration, tenant: str) -> None:
    """Remove the tenant's receiver, if it has one."""
    administration.feeds.change(
        tenant,
        lambda settings: {
            name: value for name, value in settings.items() if not name.startswith("push_")
        },
    )


def _change(
    administration: Administration, tenant: str, changes: Mapping[str, Any]
) -> OperationResult:
    def change(settings: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in {**settings, **changes}.items() if value is not None}

    return _settings_result(administration, tenant, administration.feeds.change(tenant, change))


def _settings_result(administration: Administration, tenant: str, settings: Any) -> OperationResult:
    row = {_SHOWN.get(name, name): settings.get(name) for name in asdict(Feed())}
    body = {"tenant": tenant, **row}
    if (usual := administration.usual_feed) is not None:
        body["deployment"] = {"on": usual.is_on, "days": usual.days, "full": usual.is_full}
    return OperationResult(body)
