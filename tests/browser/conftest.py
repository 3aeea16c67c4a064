"""`make run` in a process of its own, and a chromium that looks at it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

try:
    from playwright import sync_api as playwright
except ImportError:
    playwright = None

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "vendor/axe-core-4.14.1.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
SHOTS = os.environ.get("SCREENSHOTS")
FINDINGS = """async () => (await axe.run()).violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`)"""


@dataclass
class Running:
    """The service as `make run` starts it, and what it has written."""

    address: str
    log: Path
    environment: dict[str, str]

    def scim(self, *words: str, token: str = "", fails: bool = False) -> str:
        """Run a command against it; return what it answers. It may fail where that is said."""
        told = {**self.environment, "SCIM_TOKEN": token}
        ended = subprocess.run(
            [sys.executable, "-m", "scim_cli", *words, "--local"],
            env=told,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert fails or ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def link(self, *words: str) -> str:
        """Return a new link to the portal of the demo tenant."""
        return self.scim("portal", "link", "demo", *words)


@dataclass
class Watched:
    """A page, with the addresses and headers that it has sent and the errors it has met."""

    page: "playwright.Page"
    sent: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def look(self, name: str) -> None:
        """Hold what is shown against axe, light and dark, and renew its pictures in SCREENSHOTS."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.evaluate(AXE.read_text("utf-8"))
            assert self.page.evaluate(FINDINGS) == [], f"{name}, {scheme}"
            picture = ROOT / SHOTS / f"{name}-{scheme}.png" if SHOTS else None
            if picture is not None and picture.exists():
                self.page.screenshot(path=picture)


@pytest.fixture(name="settings", scope="module")
def _settings() -> list[str]:
    """What else `make run` is told; a module may say so."""
    return []


@pytest.fixture(name="running", scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory, settings: list[str]) -> Iterator[Running]:
    if CHROMIUM is None or playwright is None:
        pytest.skip(
            "No chromium here (apt-get install chromium, or CHROMIUM=path), or no playwright."
        )
    log = tmp_path_factory.mktemp("run") / "log"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "PORT=0", *settings],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            address = _address_in(log, process)
            port = address.rpartition(":")[2]
            yield Running(address, log, {**environment, "PORT": port})
        finally:
            process.terminate()
            process.wait(20)


def _address_in(log: Path, process: "subprocess.Popen[bytes]") -> str:
    while process.poll() is None:
        if found := re.search(
            r"^SCIM base URL +http://([\d.:]+)/", log.read_text("utf-8"), re.MULTILINE
        ):
            return found[1]
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(name="chromium", scope="module")
def _chromium(running: Running) -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(name="watched")
def _watched(chromium: "playwright.Browser") -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 880, "height": 640}, locale="en-GB")
    watched = Watched(context.new_page())
    page = watched.page
    page.set_default_timeout(20_000)
    page.on("request", lambda each: watched.sent.extend([each.url, str(each.headers)]))
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and watched.errors.append(said.text))
    yield watched
    context.close()
