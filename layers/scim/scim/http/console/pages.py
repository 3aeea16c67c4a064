"""The files of the pages, served from the package: nothing is built, and nothing comes from other hosts."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from scim.errors import MethodNotAllowed, NotFound
from scim.http.console.answers import Answer, answer

FOLDER = "static"
INDEX = "index.html"
_SHELL = "page.html"
_PAGES = {
    "setup.html": ("Connect your identity provider", "setup/main.js"),
    "console.html": ("Console", "operator/main.js"),
}
"""The pages made from the common shell: the title and the script of each."""
TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def page(event: Mapping[str, Any], name: str, home: str) -> Answer:
    """Return the file of that name, or `home` if the name is empty. Raises NotFound and MethodNotAllowed.

    Browsers revalidate their copy on each use, so that a deployment takes effect at once.
    """
    if event.get("httpMethod") not in ("GET", "HEAD"):
        raise MethodNotAllowed("A page supports only GET.", ("GET",))
    known = _files()
    path = home if name in ("", INDEX) else name
    if path not in known:
        raise NotFound("There is no such page.")
    text, tag = known[path]
    headers = {str(key).lower(): value for key, value in (event.get("headers") or {}).items()}
    kept = {"Content-Type": TYPES[path.rpartition(".")[2]], "Cache-Control": "no-cache"}
    if headers.get("if-none-match") == tag:
        return answer(304, "", {**kept, "ETag": tag})
    return answer(200, text, {**kept, "ETag": tag})


def redirect(location: str) -> Answer:
    """Return a redirect; the browser keeps the URL's fragment and does not send it."""
    return answer(308, "", {"Location": location, "Cache-Control": "no-store"})


def providers() -> frozenset[str]:
    """Return the names of the identity providers that have a data file."""
    return frozenset(
        path.removeprefix("idp/").removesuffix(".json")
        for path in _files()
        if path.startswith("idp/")
    )


@cache
def _files() -> Mapping[str, tuple[str, str]]:
    """Return the text and entity tag of each file, by its path below the folder."""
    found: dict[str, str] = {}
    folders = [("", files("scim") / "http" / "console" / FOLDER)]
    while folders:
        above, folder = folders.pop()
        for each in folder.iterdir():
            path = f"{above}{each.name}"
            if each.is_dir():
                folders.append((f"{path}/", each))
            elif each.name.rpartition(".")[2] in TYPES:
                found[path] = each.read_text("utf-8")
    shell = found.pop(_SHELL)
    for path, (title, script) in _PAGES.items():
        found[path] = shell.replace("{title}", title).replace("{script}", script)
    return {path: (text, _tag(text)) for path, text in found.items()}


def _tag(text: str) -> str:
    return f'"{sha256(text.encode()).hexdigest()[:24]}"'
