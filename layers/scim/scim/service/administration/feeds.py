"""Feeds: whether a tenant's changes are logged, what their events contain, and where they are pushed."""

from dataclasses import asdict
from typing import Any

from scim.access.issuer import is_loopback
from scim.errors import InvalidValue
from scim.resource.history.feed import Feed, unfit_receiver
from scim.service.administration.ports import Administration, Done
from scim.service.administration.requests import ByTenant, FeedSettled, NewReceiver
from scim.service.administration.suggestions import suggestion
from scim.service.administration.tenant_lookups import tenant_named
from scim.service.feed.events import EVENT_URIS, PREFIX

_SHOWN = {"is_on": "on", "is_full": "full"}
_FULL = [uri.removeprefix(PREFIX) for uri in EVENT_URIS]
_EVENTS = sorted({*_FULL, *(each.rpartition(":")[0] for each in _FULL if each.count(":") > 1)})


def shown(administration: Administration, asked: ByTenant) -> Done:
    """Show a tenant's change feed settings; the deployment's apply where one is null."""
    name = tenant_named(administration, asked.tenant).name
    return _settings_done(name, administration.feeds.settings(name))


def settled(administration: Administration, asked: FeedSettled) -> Done:
    """Change a tenant's change feed settings; omitted ones stay the same. Takes effect within a minute."""
    name = tenant_named(administration, asked.tenant).name
    given = {
        "is_on": asked.on,
        "days": asked.days,
        "is_full": asked.full,
        "audience": asked.audience,
    }
    changed = {member: value for member, value in given.items() if value is not None}
    if not changed:
        raise InvalidValue("Give a setting: on, days, full or audience.")
    return _saved(administration, name, {**administration.feeds.settings(name), **changed})


def pushed(administration: Administration, asked: NewReceiver) -> Done:
    """Push a tenant's events to a URL (RFC 8935), which must use https and a public address."""
    name = tenant_named(administration, asked.tenant).name
    is_here = administration.allows_loopback and is_loopback(asked.url)
    if (why := unfit_receiver(asked.url)) and not is_here:
        raise InvalidValue(f"url: {why}.")
    for event in asked.events:
        if event not in _EVENTS:
            raise InvalidValue(f"There is no event {event}.{suggestion(event, _EVENTS)}")
    receiver = {
        "push_url": asked.url,
        "push_secret": asked.secret,
        "push_events": list(asked.events),
    }
    return _saved(administration, name, {**administration.feeds.settings(name), **receiver})


def stopped(administration: Administration, asked: ByTenant) -> Done:
    """Stop pushing a tenant's events, and drop the waiting ones."""
    name = tenant_named(administration, asked.tenant).name
    drop_receiver(administration, name)
    return shown(administration, asked)


def drop_receiver(administration: Administration, tenant: str) -> None:
    """Remove the tenant's receiver, if it has one."""
    held = administration.feeds.settings(tenant)
    kept = {name: value for name, value in held.items() if not name.startswith("push_")}
    if kept != held:
        administration.feeds.save(tenant, kept)


def _saved(administration: Administration, tenant: str, settings: dict[str, Any]) -> Done:
    administration.feeds.save(tenant, settings)
    return _settings_done(tenant, settings)


def _settings_done(tenant: str, settings: Any) -> Done:
    row = {_SHOWN.get(name, name): settings.get(name) for name in asdict(Feed())}
    return Done({"tenant": tenant, **row})
