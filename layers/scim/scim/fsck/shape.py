"""The shape of each kind of item: the form of its key, and its required attributes."""

import re
from collections.abc import Iterator

from scim.fsck.item import Item, size_of

MAX_BYTES = 350_000
SCHEMA = 1
TENANT, TYPE, ID = r"[A-Za-z0-9_-]{1,64}", r"[A-Z][A-Za-z0-9_-]{0,63}", r"[A-Za-z0-9._:@-]{1,128}"
ATTRIBUTE = r"[^#]+"
ANY = r"[\s\S]+"
FORMS = {
    "resource": (f"T#{TENANT}#{TYPE}", ID, {"v", "c", "m", "gp", "gs"}),
    "entry": (f"T#{TENANT}#{TYPE}#{ATTRIBUTE}", ANY, {"i"}),
    "edge": (f"T#{TENANT}#{TYPE}#{ID}#{ATTRIBUTE}", ID, {"t", "c"}),
    "count": (f"T#{TENANT}#count", rf"{TYPE}#\d\d", {"n"}),
    "reap": (f"T#{TENANT}#reap", f"{TYPE}#{ID}", {"at"}),
    "kept": (f"T#{TENANT}#kept", f"{TYPE}#{ID}", {"z", "ttl", "w"}),
    "keptEdges": (
        f"T#{TENANT}#kept#{TYPE}#{ID}",
        r"[no]#[0-9a-f-]{36}",
        {"z", "ttl"},
    ),
    "rejoin": (f"T#{TENANT}#rejoin", f"{TYPE}#{ID}", {"at", "by"}),
    "closing": (f"T#{TENANT}#closing", f"{TYPE}#{ID}", {"at", "z"}),
    "journal": (f"T#{TENANT}#journal", f"{TYPE}#{ID}", {"j", "next", "end", "per", "at"}),
    "chunk": (f"T#{TENANT}#chunk", rf"{TYPE}#{ID}#{ID}#\d{{4}}", {"z"}),
    "nesting": (f"T#{TENANT}#nesting", f"{TYPE}#{ATTRIBUTE}", set()),
    "number": (f"T#{TENANT}#number", TYPE, {"n"}),
    "page": (f"T#{TENANT}#page", ANY, {"ttl"}),
    "build": (f"T#{TENANT}#build", f"{TYPE}#{ATTRIBUTE}", {"st", "at"}),
    "seal": (f"T#{TENANT}#page", "~", {"z"}),
    "job": (f"J#{TENANT}#job", ID, {"st", "m", "ttl", "z"}),
    "openJob": (f"J#{TENANT}#open", ID, {"ttl"}),
    "result": (rf"J#{TENANT}#job#{ID}#result#\d{{6}}", r"\d{9}", {"z", "ttl"}),
    "batch": (f"J#{TENANT}#job#{ID}#batch", r"\d{6}#\d{6}", {"ttl"}),
    "claim": (rf"J#{TENANT}#job#{ID}#claim#[0-9a-f]{{2}}", r"[0-9a-f]{64}", {"ttl"}),
    "log": (rf"T#{TENANT}#log#\d+", r"\d{12}", {"n", "z", "ttl"}),
    "logged": (f"T#{TENANT}#logged", f"{TYPE}#{ID}", {"v", "p"}),
    "laneEnd": (f"T#{TENANT}#logged", r"-\d", {"n"}),
    "compared": (f"T#{TENANT}#logged", "-", {"at"}),
    "feed": (f"T#{TENANT}#feed", "-", {"z"}),
    "poll": (f"T#{TENANT}#poll", r"[0-9a-f]{64}", {"z"}),
    "tenant": ("T#~#open", TENANT, set()),
    "rate": (f"T#{TENANT}#rate", r"\d{12}", {"n", "ttl"}),
    "once": (rf"T#{TENANT}#once#[0-9a-f]{{2}}", r"[0-9a-f]{64}", {"f", "at", "ttl"}),
    "requests": (f"T#{TENANT}#request", "-", {"n"}),
    "request": (f"T#{TENANT}#request", r"\d{6}", {"n", "z", "ttl"}),
    "requestsKept": (f"T#{TENANT}#request", "settings", {"z"}),
    "refused": (f"T#{TENANT}#refused", r"[0-9T:.-]+Z#[0-9a-f]{16}", {"n", "m", "z", "ttl"}),
    "breaker": (f"T#{TENANT}#breaker", "-", {"w"}),
    "firing": (f"T#{TENANT}#fired", r"[a-z][A-Za-z]*", {"n", "m"}),
    "firings": (f"T#{TENANT}#fired", "~", set()),
    "settings": (f"TENANT#{TENANT}", "-", {"name", "at", "schemes"}),
    "tenantName": ("TENANT#~", TENANT, set()),
    "token": (r"TOKEN#[0-9a-f]{64}", "-", {"tenant", "id", "scopes", "expires"}),
    "tokenName": (f"TENANT#{TENANT}", f"token#{ID}", {"h"}),
    "client": (f"CLIENT#{TENANT}", "-", {"client", "tenant", "scopes", "at"}),
    "clientName": (f"TENANT#{TENANT}", f"client#{TENANT}", {"client"}),
    "act": (f"AUDIT#{TENANT}", rf"[0-9T:.-]+Z#{ID}", {"z", "ttl"}),
    "assertion": (f"ASSERTION#{TENANT}", r"[0-9a-f]{64}", {"ttl"}),
    "setupLink": (r"SETUP#[0-9a-f]{64}", "-", {"id", "at", "expires", "seconds", "ttl"}),
    "setupLinkName": (f"TENANT#{TENANT}|SETUP#~", f"setup#{ID}", {"h", "ttl"}),
    "session": (r"SESSION#[0-9a-f]{64}", "-", {"link", "at", "expires", "ttl"}),
    "onboarding": (f"TENANT#{TENANT}", "onboarding", {"at"}),
    "mappingDraft": (f"TENANT#{TENANT}", "mapping", {"z", "at", "by"}),
    "definitions": (f"D#{TENANT}", "-", {"v", "f", "e"}),
    "edition": (f"D#{TENANT}", r"\d{9}", {"z", "at", "by"}),
    "issuer": (r"ISSUER#[0-9a-f]{64}", TENANT, {"x"}),
    "issuerName": (f"TENANT#{TENANT}", r"issuer#[0-9a-f]{64}", {"x"}),
}
SECRET = re.compile(r"scim_[A-Za-z0-9-]+_[A-Za-z0-9_-]{43}")


def misshapen(item: Item) -> Iterator[str]:
    """Yield what is wrong with the shape of an item."""
    form = FORMS.get(str(item.attributes.get("k")))
    if form is None:
        yield f"{item.name}: unknown kind {item.attributes.get('k')!r}"
        return
    partition, sort, needed = form
    if item.attributes.get("s") != SCHEMA:
        yield f"{item.name}: unknown item schema {item.attributes.get('s')!r}"
    if not re.fullmatch(partition, item.pk) or not re.fullmatch(sort, item.sk):
        yield f"{item.name}: not the key of a {item.attributes['k']}"
    if missing := needed - item.attributes.keys():
        yield f"{item.name}: lacks {', '.join(sorted(missing))}"


def forbidden(item: Item) -> Iterator[str]:
    """Yield what no item may be or hold: excess size, a password, a secret."""
    if size_of(item) > MAX_BYTES:
        yield f"{item.name}: larger than {MAX_BYTES} bytes"
    if any(name.lower() == "password" for name in item.attributes):
        yield f"{item.name}: holds a password"
    if any(isinstance(value, str) and SECRET.search(value) for value in item.attributes.values()):
        yield f"{item.pk}: holds a secret"
