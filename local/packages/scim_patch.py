"""scim-patch from npm, which tests compare PATCH with: `python -m local.packages.scim_patch` fetches it."""

import sys
from pathlib import Path
from typing import Final

from local.packages.npm import UnavailableError, unpacked

CACHE = Path(".cache/scim-patch")
INTEGRITY: Final = {
    "scim-patch@0.8.3": "sha512-3d0wD4THAt03Zgi08kCQwc+lvPJ2v4wwk41b0xViVa4gLYSgRUCmGkJNBsaE+yoKg0fufTOJCcSrufZaqYn/og==",
    "scim2-parse-filter@0.2.10": "sha512-k5TgGSuQEbR4jXRgw/GPAYVL9fMp1pWA2abLF5z3q9IGWSuZTqbrZBOSUezvc+rtViXr+czSZjg3eAN4QSTvxQ==",
    "fast-deep-equal@3.1.3": "sha512-f3qQ9oQy9j2AhBe/H9VC91wLmKBCCU/gDOnKNAYG5hswO7BLKj09Hc5HYNz9cGI++xlpDCIgDaitVs03ATR84Q==",
}
"""The package and its dependencies, each archive as it was tested."""


def modules(cache: Path = CACHE) -> Path:
    """Return the folder in which node looks for packages."""
    return cache / "node_modules"


def fetch(cache: Path = CACHE) -> None:
    """Fetch the missing packages. Raises UnavailableError."""
    modules(cache).mkdir(parents=True, exist_ok=True)
    for package, integrity in INTEGRITY.items():
        folder = unpacked(package, integrity, cache)
        link = modules(cache) / package.partition("@")[0]
        if not link.is_symlink():
            link.symlink_to(folder.resolve())


def main() -> int:
    """Print why the package is not available, if so; return the exit code, 1 in that case."""
    try:
        fetch()
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
