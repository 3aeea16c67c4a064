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
    stored_files = _files()
    path = home if name in ("", INDEX) else name
    if path not in stored_files:
        raise NotFound("There is no such page.")
    text, tag = stored_files[path]
    headers = {str(key).lower(): value for key, value in (event.get("headers") or {}).items()}
    response_headers = {"Content-Type": TYPES[path.rpartition(".")[2]], "Cache-Control": "no-cache"}
    if headers.get("if-none-match") == tag:
        return answer(304, "", {**response_headers, "ETag": tag})
    return answer(200, text, {**response_headers, "ETag": tag})


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
    texts: dict[str, str] = {}
    folders = [("", files("scim") / "http" / "console" / FOLDER)]
    while folders:
        prefix, folder = folders.pop()
        for entry in folder.iterdir():
            path = f"{prefix}{entry.name}"
            if entry.is_dir():
                folders.append((f"{path}/", entry))
            elif entry.name.rpartition(".")[2] in TYPES:
                texts[path] = entry.read_text("utf-8")
    shell = texts.pop(_SHELL)
    for path, (title, script) in _PAGES.items():
        texts[path] = shell.replace("{title}", title).replace("{script}", script)
    return {path: (text, _tag(text)) for path, text in texts.items()}


def _tag(text: str) -> str:
    return f'"{sha256(text.encode()).hexdigest()[:24]}"'
