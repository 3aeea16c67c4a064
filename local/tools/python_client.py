"""`python -m local.tools.python_client`: a typed Python client from the OpenAPI document, tested against the service.

openapi-python-client makes it, in `.cache/clients/python`; it is not committed. The command that this prints
makes a client from a tenant's own document.
"""

import copy
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.gateway import Gateway
from local.seed import TOKEN
from local.server import Server
from local.tools.openapi import FOLDER

SOURCE = FOLDER / "default.json"
CLIENT = Path(".cache/clients/python/scim_api")
ENVIRONMENT = Path(".venv-client/bin")
TRIAL = Path("docs/examples/python_client.py")


def spelt_out(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document in which schemas that extend another one (`allOf`) are written in full.

    Otherwise the generator gives the inner objects of both the same name, and omits both.
    """
    plain = copy.deepcopy(document)
    schemas = plain["components"]["schemas"]
    for name, schema in schemas.items():
        match schema:
            case {"allOf": [{"$ref": str(reference)}], **own_members}:
                base_schema = document["components"]["schemas"][reference.rpartition("/")[2]]
                schemas[name] = {**copy.deepcopy(base_schema), **own_members}
    return plain


def generate(source: Path, target: Path) -> str:
    """Make the client; return the generator's warnings or error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "openapi.json"
        plain.write_text(json.dumps(spelt_out(json.loads(source.read_text("utf-8")))), "utf-8")
        command = [
            ENVIRONMENT / "openapi-python-client",
            "generate",
            "--path",
            plain,
            "--overwrite",
        ]
        process = subprocess.run(
            [*map(str, command), "--meta", "none", "--output-path", str(target)],
            # It formats its output with ruff, which is in this environment.
            env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
    output = process.stdout + process.stderr
    return output if process.returncode != 0 or "WARNING" in output.upper() else ""


def try_client() -> str:
    """Let the client create, find, change and delete a user; return the error, or ""."""
    with (
        Server(0) as server,
        Gateway.start("moto", address=server.address) as gateway,
        server.serving(gateway.answer),
    ):
        process = subprocess.run(
            [str(ENVIRONMENT / "python"), "-", f"http://{server.address}/scim/v2", TOKEN],
            input=TRIAL.read_text("utf-8"),
            env={"PYTHONPATH": str(CLIENT.parent.resolve()), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
    print(process.stdout, end="")
    return process.stderr if process.returncode != 0 else ""


def main(arguments: Sequence[str]) -> int:
    """Make the client of the named document, or of the default profile's and test that; return 0 on success."""
    fault = (
        generate(Path(arguments[0]), CLIENT)
        if arguments
        else generate(SOURCE, CLIENT) or try_client()
    )
    if fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{CLIENT}, a package to copy. Of a tenant's own document: save BASE/openapi.json, then")
    print("  python -m local.tools.python_client openapi.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
