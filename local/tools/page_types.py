"""Checks the types of the pages' scripts, from their JSDoc: `python -m local.tools.page_types`.

The checker is TypeScript's own, a program that does not need Node. It is never served.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from local.packages.npm import UnavailableError, unpacked

VERSION: Final = "7.0.2"
INTEGRITY: Final = {
    ("Linux", "x86_64"): (
        "linux-x64",
        "sha512-EYdf2cNg7rgCWJnxCdJ+F3V39O8ihb37eHAu1LK8oAFizgTQbPOK7zHHXbPt8rX24COqODXeI3sIf0fCXG7H/A==",
    ),
    ("Linux", "aarch64"): (
        "linux-arm64",
        "sha512-Qh4eU4/y3yDjnfjjyPYihMj5/ODIlmt+Bzu17OI+fiSRDW57QmU5SiN63exPRNJPKUzcc1INa1NXdrJ+MqHjUQ==",
    ),
}
CACHE = Path(".cache/typescript")
PAGES = Path("layers/scim/scim/http/console/static")
VENDORED = Path("local/tools/htm_preact.d.ts")
OPTIONS = (
    *("--allowJs", "--checkJs", "--noEmit", "--strict", "--noImplicitAny", "false"),
    *("--useUnknownInCatchVariables", "false"),
    *("--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"),
    *("--lib", "es2022,dom,dom.iterable", "--types", ""),
)


def checker(cache: Path = CACHE) -> Path:
    """Return the program. Raises UnavailableError if there is none for this machine."""
    machine = platform.system(), platform.machine()
    if machine not in INTEGRITY:
        raise UnavailableError(
            f"TypeScript's checker is pinned for Linux alone, not for {machine}."
        )
    name, integrity = INTEGRITY[machine]
    package = f"@typescript/typescript-{name}@{VERSION}"
    return (unpacked(package, integrity, cache) / "lib" / "tsc").resolve()


def checked(program: Path, pages: Path = PAGES) -> int:
    """Check a copy of the pages, with types for the vendored scripts beside them; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "static"
        shutil.copytree(pages, copied)
        vendored = next((copied / "vendor").glob("htm-preact-*.js"))
        shutil.copy(VENDORED, vendored.with_suffix(".d.ts"))
        mains = [str(path) for path in sorted(copied.glob("*/main.js"))]
        return subprocess.run([str(program), *OPTIONS, *mains], check=False).returncode


def main() -> int:
    """Return the exit code; 0 also if the checker is not available, which is printed."""
    try:
        program = checker()
    except UnavailableError as error:
        print(f"!!! LEFT OUT: the types of the pages were NOT checked. {error} !!!")
        return 0
    return checked(program)


if __name__ == "__main__":
    sys.exit(main())
