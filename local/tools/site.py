"""`python -m local.tools.site`: README and docs/ as one static site in `.cache/site`; a broken link fails.

mkdocs makes it, in its own environment, from a copy that also has the files outside of docs/ that documents
link to, and a page for the OpenAPI document.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from local.environment import without_python_path

ROOT = Path(__file__).parents[2]
MKDOCS = ROOT / ".venv-site/bin/mkdocs"
SOURCE = ROOT / ".cache/site-source"
_TOP = ("README.md", "CHANGELOG.md", "SECURITY.md")
# Words after the language tell the tests how to run a block; mkdocs would take such a line for text.
_MARKED_FENCE = re.compile(r"^( *```\w+) .+$", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
_REFERENCE = """# OpenAPI

Of the default profile, as `GET /openapi.json` serves it without a token. A tenant's own has its resource types and limits:
`GET /scim/v2/openapi.json`.

<swagger-ui src="openapi/default.json"/>
"""


def copy_documents(root: Path, source: Path) -> None:
    """Copy the sources of the site: documents, and the files outside of docs/ that they link to."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(root / "docs", source / "docs")
    for name in _TOP:
        shutil.copy(root / name, source / name)
    for file in linked(root):
        target = source / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    for document in source.rglob("*.md"):
        document.write_text(_MARKED_FENCE.sub(r"\1", document.read_text("utf-8")), "utf-8")
    (source / "docs" / "openapi.md").write_text(_REFERENCE, "utf-8")


def linked(root: Path) -> Iterator[Path]:
    """Yield the files outside of docs/ that a document links to."""
    for document in sorted(root.glob("docs/**/*.md")):
        for link in _LINK.findall(document.read_text("utf-8")):
            file = (document.parent / link).resolve()
            if (
                file.is_file()
                and not file.is_relative_to(root / "docs")
                and file.is_relative_to(root)
            ):
                yield file


def main() -> int:
    """Make the site; return mkdocs' exit code, which is not 0 if a link is broken."""
    copy_documents(ROOT, SOURCE)
    # Without --quiet, because mkdocs counts only the warnings that it prints.
    command = [str(MKDOCS), "build", "--config-file", str(ROOT / "docs/mkdocs.yml")]
    process = subprocess.run(
        command, env=without_python_path() | {"NO_MKDOCS_2_WARNING": "1"}, cwd=ROOT, check=False
    )
    if process.returncode == 0:
        print("The site is in .cache/site; open .cache/site/index.html")
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
