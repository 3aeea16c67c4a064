"""npm packages for the tools of this repository: kept in a cache folder as tested, never in the repository."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class UnavailableError(Exception):
    """A package is not available here; the message tells a person why and what to do."""


def unpacked(package: str, integrity: str, cache: Path) -> Path:
    """Return the folder of a package, `name@version`. Fetch it first if it is missing.

    `integrity` is the archive's, in npm's form (`sha512-…`). Raises UnavailableError.
    """
    folder = cache / package.replace("/", "-")
    if not folder.exists():
        _fetch(package, integrity, folder)
    return folder / "package"


def installed(wanted: Path, cache: Path) -> Path:
    """Return the `node_modules` folder for a folder with package.json and package-lock.json.

    The packages are fetched if they are not there as locked. Raises UnavailableError.
    """
    texts = {name: (wanted / name).read_bytes() for name in ("package.json", "package-lock.json")}
    folder = cache / hashlib.sha256(b"".join(texts.values())).hexdigest()[:16]
    if not folder.exists():
        _install(texts, folder)
    return (folder / "node_modules").resolve()


def _install(texts: Mapping[str, bytes], folder: Path) -> None:
    with _scratch(folder, "them") as scratch:
        made = scratch / "made"
        made.mkdir()
        for name, text in texts.items():
            (made / name).write_bytes(text)
        _npm(["ci", "--loglevel=error", "--no-audit", "--no-fund"], made, "them")
        made.replace(folder)


def _fetch(package: str, integrity: str, folder: Path) -> None:
    with _scratch(folder, package) as scratch:
        packed = _npm(["pack", "--silent", package], scratch, package)
        archive = scratch / packed.strip().splitlines()[-1]
        check(archive.read_bytes(), package, integrity)
        with tarfile.open(archive) as tar:
            tar.extractall(scratch / "unpacked", filter="data")
        # In one step, so that an existing folder is complete even if another process fetches at the same time.
        (scratch / "unpacked").replace(folder)


@contextmanager
def _scratch(folder: Path, what: str) -> Iterator[Path]:
    """Yield a temporary folder beside the final one. Raises UnavailableError without npm."""
    if shutil.which("npm") is None:
        raise UnavailableError(f"npm, which is not on the PATH, is needed to fetch {what}.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        yield Path(scratch)


def _npm(arguments: Sequence[str], folder: Path, what: str) -> str:
    """Run npm in a folder without any package's scripts; return its output. Raises UnavailableError."""
    command, *others = arguments
    done = subprocess.run(
        ["npm", command, "--ignore-scripts", *others],  # noqa: S607 - npm is found on the PATH
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise UnavailableError(f"npm could not fetch {what}:\n{done.stderr}")
    return done.stdout


def check(archive: bytes, package: str, integrity: str) -> None:
    """Raise UnavailableError unless the archive is, byte for byte, the one this project was tested with."""
    algorithm, _, expected = integrity.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, archive).digest()).decode()
    if found != expected:
        raise UnavailableError(
            f"{package} is not what it was: {algorithm} {found} instead of {expected}"
        )
