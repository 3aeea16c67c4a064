"""`python -m local.tools.clients`: a Postman collection and TypeScript types from the OpenAPI document (npm).

Existing generators make both. The collection is committed, in docs/openapi. The types for a tenant's own
document are made the same way, by the command that this prints.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from local.tools.openapi import FOLDER

SOURCE = FOLDER / "default.json"
COLLECTION = FOLDER / "default.postman.json"
TYPES = Path(".cache/clients/scim.d.ts")
POSTMAN = "openapi-to-postmanv2@6.3.3"
TYPESCRIPT = "openapi-typescript@7.13.0"
_BASE_URL, _TOKEN = "http://127.0.0.1:8080/scim/v2", "local-demo-token"  # those of make run
_LEFT_OUT = {"id", "_postman_id", "auth", "response", "event", "protocolProfileBehavior"}
"""Fields that are random or large, and that no request needs."""


def digest(source: bytes) -> str:
    """Return the digest that identifies the document of a collection."""
    return hashlib.sha256(source).hexdigest()


def collection_of(generated: dict[str, Any], source: bytes) -> dict[str, Any]:
    """Return a generated collection in the committed form: equal for equal documents."""
    collection: dict[str, Any] = _committed_form(generated)
    collection["info"]["description"] = (
        f"Made by make clients; sha256 of the document: {digest(source)}"
    )
    collection["variable"] = [
        {"key": "baseUrl", "value": _BASE_URL},
        {"key": "token", "value": _TOKEN},
    ]
    bearer = [{"key": "token", "value": "{{token}}", "type": "string"}]
    collection["auth"] = {"type": "bearer", "bearer": bearer}
    return collection


def _committed_form(node: Any) -> Any:
    if isinstance(node, list):
        return [_committed_form(child) for child in node]
    if not isinstance(node, dict):
        return node
    members = {
        name: _committed_form(value) for name, value in node.items() if name not in _LEFT_OUT
    }
    if members.keys() >= {"key", "value"} and members["key"] not in ("Content-Type", "Accept"):
        # Optional parts of a request are included, but disabled.
        members = {"key": members["key"], "value": members["value"], "disabled": True}
    return members


def main() -> int:
    """Write the collection and the types; return the exit code of the generator that failed."""
    source = SOURCE.read_bytes()
    TYPES.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        generated_file = Path(folder) / "collection.json"
        options = "folderStrategy=Tags,parametersResolution=Example"
        for command in (
            [
                "--package",
                POSTMAN,
                "openapi2postmanv2",
                "-s",
                str(SOURCE),
                "-o",
                str(generated_file),
                "-O",
                options,
            ],
            [TYPESCRIPT, str(SOURCE), "-o", str(TYPES)],
        ):
            process = subprocess.run(
                ["npx", "--yes", *command],  # noqa: S607 - npx is found on the PATH
                capture_output=True,
                text=True,
                check=False,
            )
            if process.returncode != 0:
                print(process.stdout + process.stderr, file=sys.stderr)
                return process.returncode
        collection = collection_of(json.loads(generated_file.read_text("utf-8")), source)
    COLLECTION.write_text(json.dumps(collection, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{COLLECTION.relative_to(Path.cwd())} and {TYPES}. Types of a tenant's own document:")
    print(f"  npx {TYPESCRIPT} BASE/openapi.json -o scim.d.ts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
