"""The pages need no build and load nothing from other sites, and browsers are told so."""

import gzip
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from scim.errors import MethodNotAllowed, NotFound
from scim.http.console.answers import CONTENT_SECURITY_POLICY
from scim.http.console.pages import TYPES, page, providers

STATIC = Path(str(files("scim"))) / "http/console/static"
OURS = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
VENDORED = {
    "htm-preact-3.1.1.js": "72284e8e9079c87817145df1110f74e8a2aa040b2fc384922e18dfcb46fc1fd7",
}
"""htm/preact/standalone.module.js of htm 3.1.1 on npm (Apache-2.0; Preact within it: MIT)."""
MOST_BYTES = 60_000


def asked(name: str, method: str = "GET", tag: str = "") -> Any:
    event = {"httpMethod": method, "headers": {"If-None-Match": tag} if tag else {}}
    return page(event, name, "setup.html")


@pytest.mark.parametrize(("name", "wanted"), VENDORED.items())
def test_vendored_files_have_the_reviewed_digests(name: str, wanted: str) -> None:
    assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == wanted


def test_only_the_reviewed_files_are_vendored() -> None:
    assert {path.name for path in (STATIC / "vendor").iterdir()} == {*VENDORED, "LICENSE"}


@pytest.mark.parametrize(("page_folder", "other"), [("operator", "setup"), ("setup", "operator")])
def test_the_files_of_a_page_take_less_than_60_kb_on_the_wire(page_folder: str, other: str) -> None:
    sent = [
        path
        for path in STATIC.rglob("*")
        if path.suffix[1:] in TYPES and not path.is_relative_to(STATIC / other)
    ]
    assert any(path.is_relative_to(STATIC / page_folder) for path in sent)
    assert sum(len(gzip.compress(path.read_bytes())) for path in sent) < MOST_BYTES


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_a_script_is_small_makes_no_markup_and_imports_from_here(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 250
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|http://", text)
    imported = re.findall(r'from "([^"]+)"', text)
    assert [name for name in imported if not (path.parent / name).resolve().is_file()] == []


@pytest.mark.parametrize("name", ["setup.html", "console.html"])
def test_a_page_has_no_script_and_no_style_of_its_own(name: str) -> None:
    text = asked(name)["body"]
    assert "{" not in text
    assert re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)|//", text) is None
    named = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert [name for name in named if not (STATIC / name).is_file()] == []


def test_browsers_may_load_only_files_of_this_service() -> None:
    headers = asked("index.html")["multiValueHeaders"]
    assert headers["Content-Security-Policy"] == [CONTENT_SECURITY_POLICY]
    assert "'unsafe" not in CONTENT_SECURITY_POLICY
    assert "require-trusted-types-for 'script'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    assert headers["Referrer-Policy"] == ["no-referrer"]
    assert headers["X-Content-Type-Options"] == ["nosniff"]


def test_a_file_that_a_browser_has_is_not_sent_again() -> None:
    first = asked("style.css")
    (tag,) = first["multiValueHeaders"]["ETag"]
    again = asked("style.css", tag=tag)
    assert (first["statusCode"], again["statusCode"], again["body"]) == (200, 304, "")


@pytest.mark.parametrize(
    "name", ["../app.py", "setup/../../app.py", "nothing.js", "vendor", "//etc"]
)
def test_only_the_files_of_the_pages_are_shown(name: str) -> None:
    with pytest.raises(NotFound):
        asked(name)


def test_a_page_is_only_shown() -> None:
    with pytest.raises(MethodNotAllowed):
        asked("index.html", "POST")


@pytest.mark.parametrize("name", sorted(providers()))
def test_the_steps_of_a_provider_name_the_fields_for_url_and_token(name: str) -> None:
    known = json.loads((STATIC / "idp" / f"{name}.json").read_text("utf-8"))
    values = [step.get("value") for step in known["steps"]]
    assert {"{baseUrl}", "{token}"} <= set(values)
    assert all(bool(step.get("text")) != bool(step.get("field")) for step in known["steps"])
    assert all(known[member] for member in ("name", "where", "test", "mapping", "attributes"))


def test_the_page_offers_every_provider_with_a_file() -> None:
    text = (STATIC / "setup/choose.js").read_text("utf-8")
    assert set(re.findall(r"^  (\w+): ", text, re.MULTILINE)) == providers()
