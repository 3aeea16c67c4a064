"""The credentials for the tested server, as given on the command line."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import click

from scim_cli.conform.answer import Fault
from scim_cli.conform.authorization import metadata_of, request_token
from scim_cli.conform.key_client import KeyClient
from scim_cli.conform.probe import Probe
from scim_cli.input_files import text_in, token_in
from scim_cli.service import require_token

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Opening:
    """A token, or a client that gets a token."""

    secret: str = field(repr=False)
    client: KeyClient | None

    def token(self, probe: Probe) -> str:
        """Return the token; raises ClickException if the authorization server issues none."""
        if self.client is None:
            return self.secret
        try:
            assertion = self.client.assertion(str(metadata_of(probe).get("issuer")))
            answer = request_token(probe, assertion)
        except (Fault, ValueError) as error:
            raise click.ClickException(str(error)) from error
        token = answer.body.get("access_token")
        if answer.status != 200 or not isinstance(token, str):
            reason = answer.body.get("error_description") or answer.body.get("error") or ""
            raise click.ClickException(f"The token endpoint answered {answer.status}: {reason}")
        return token


def credential_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for the credentials, as `opening`."""

    @click.argument("token", required=False)
    @click.option("--token-file", type=_FILE, help="File with the token.")
    @click.option("--client", "client_id", help="Get a token as this client (RFC 8414, RFC 7523).")
    @click.option("--key", type=_FILE, help="The private key of --client, as a JWK.")
    @wraps(command)
    def call(
        *args: Any,
        token: str | None,
        token_file: Path | None,
        client_id: str | None,
        key: Path | None,
        **options: Any,
    ) -> None:
        if (client_id is None) is not (key is None):
            raise click.UsageError("Give --client and --key together.")
        client = KeyClient(client_id, text_in(key)) if client_id and key else None
        explicit_token = token_in(token_file) if token_file else token
        secret = explicit_token or os.environ.get("SCIM_TOKEN", "")
        if not secret and client is None:
            raise click.UsageError("Give TOKEN, --token-file, SCIM_TOKEN, or --client and --key.")
        require_token(secret)
        command(*args, opening=Opening(secret, client), **options)

    return call
