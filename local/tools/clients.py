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
    kept: dict[str, Any] = _kept(generated)
    kept["info"]["description"] = f"Made by make clients; sha256 of the document: {digest(source)}"
    kept["variable"] = [{"key": "baseUrl", "value": _BASE_URL}, {"key": "token", "value": _TOKEN}]
    bearer = [{"key": "token", "value": "{{token}}", "type": "string"}]
    kept["auth"] = {"type": "bearer", "bearer": bearer}
    return kept


def _kept(node: Any) -> Any:
    if isinstance(node, list):
        return [_kept(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {name: _kept(value) for name, value in node.items() if name not in _LEFT_OUT}
    if found.keys() >= {"key", "value"} and found["key"] not in ("Content-Type", "Accept"):
        # Optional parts of a request are included, but disabled.
        found = {"key": found["key"], "value": found["value"], "disabled": True}
    return found


def main() -> int:
    """Write the collection and the types; return the exit code of the generator that failed."""
    source = SOURCE.read_bytes()
    TYPES.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "collection.json"
        options = "folderStrategy=Tags,parametersResolution=Example"
        for command in (
            [
                "--package",
                POSTMAN,
                "openapi2postmanv2",
                "-s",
                str(SOURCE),
                "-o",
                str(made),
                "-O",
                options,
            ],
            [TYPESCRIPT, str(SOURCE), "-o", str(TYPES)],
        ):
            done = subprocess.run(
                ["npx", "--yes", *command],  # noqa: S607  npx is found on the PATH
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                print(done.stdout + done.stderr, file=sys.stderr)
                return done.returncode
        collection = collection_of(json.loads(made.read_text("utf-8")), source)
    COLLECTION.write_text(json.dumps(collection, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{COLLECTION.relative_to(Path.cwd())} and {TYPES}. Types of a tenant's own document:")
    print(f"  npx {TYPESCRIPT} BASE/openapi.json -o scim.d.ts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
