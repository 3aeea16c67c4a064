"""Serves queries over all resource types: GET at the root and POST /.search."""

from scim.http.app import application
from scim.http.desk import Desk
from scim.http.faces import faces_at
from scim.http.gate import Gate
from scim.http.routes import search_routes
from scim.http.tolerated import Tolerated
from scim.profile import Profile
from scim.schema.offer import offers
from scim.schema.shipped import shipped_catalogue
from scim.service.system import RandomIds, SystemClock
from scim.settings import Settings
from scim.store.opening import opened

settings = Settings.from_environment()
store = opened(settings.table_name)
desk = Desk(
    catalogue=shipped_catalogue(),
    directory=store.directory,
    clock=SystemClock(),
    ids=RandomIds(),
    bounds=settings.bounds(),
    profile=Profile(),
    max_body_bytes=settings.max_body_bytes,
)
served = faces_at(desk, search_routes, offers(store.definitions.additions))
gate = Gate(store.rates, settings.tenant_rate)
tolerated = Tolerated(store.firings, settings.shows_tolerated)
handler = application(settings.base_url, served, settings.metered(store.cost), gate, tolerated)
