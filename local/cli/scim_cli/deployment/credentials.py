"""The AWS credentials of a command, and the places where they are looked for."""

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import botocore.session
import click
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    LoginError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import (
    ConnectionError as NoConnection,
)

from scim_cli.exits import NoAccess, Unreachable

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN = {
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


def botocore_session() -> botocore.session.Session:
    """Return the caller's session: by --profile and --region, else by the environment."""
    given = click.get_current_context().find_root().params
    profile = given.get("profile")
    opened = botocore.session.Session(profile=profile)
    if region := given.get("region") or os.environ.get("AWS_REGION"):
        opened.set_config_variable("region", region)
    return opened


def session() -> boto3.Session:
    """Return the same for boto3. Raises NoAccess when there is no profile of that name."""
    try:
        return boto3.Session(botocore_session=botocore_session())
    except ProfileNotFound as error:
        raise refusal(error) from error


def tried() -> Iterator[tuple[str, str]]:
    """Yield each place where credentials are looked for, in order, and what is found there."""
    opened = botocore_session()
    for provider in opened.get_component("credential_provider").providers:
        match provider.METHOD:
            case "env":
                yield "environment", _is_set("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
            case "assume-role-with-web-identity":
                yield "web identity", _is_set("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")
            case "shared-credentials-file":
                yield "credentials file", _section(opened, "credentials_file")
            case "config-file":
                yield "config file (keys, roles, SSO, processes)", _section(opened, "config_file")
            case "container-role":
                names = (
                    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                )
                yield "container", _is_set(*names)
            case "iam-role":
                is_off = os.environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true"
                yield "EC2 instance", "switched off" if is_off else "no role"


def refusal(error: BotoCoreError | ClientError) -> click.ClickException:
    """Return the error for a refusal by AWS or a failed connection to it."""
    match error:
        case ProfileNotFound():
            known = ", ".join(botocore.session.Session().available_profiles) or "none"
            return NoAccess(f"{error}. There are: {known}.")
        case NoCredentialsError() | PartialCredentialsError() | CredentialRetrievalError():
            return NoAccess(f"{error}.\n{_chain()}".replace("..", "."))
        case SSOError() | TokenRetrievalError() | LoginError():
            return NoAccess(f"{error}\nThe sign-in has expired: aws sso login{_profile()}.")
        case NoRegionError():
            return NoAccess("No AWS region: give --region, or set AWS_REGION.")
        case ClientError():
            return _refused(error)
        case NoConnection() | HTTPClientError():
            return Unreachable(str(error))
        case _:
            return click.ClickException(str(error))


def _refused(error: ClientError) -> click.ClickException:
    said = error.response.get("Error", {})
    code, text = said.get("Code", ""), said.get("Message", str(error))
    if code in _EXPIRED:
        return NoAccess(
            f"The AWS credentials have expired{_origin()}: {text}\n"
            f"Sign in again (aws sso login{_profile()}), or renew them."
        )
    if code in _UNKNOWN:
        return NoAccess(f"AWS does not know these credentials{_origin()}: {text}")
    if code in _DENIED:
        return NoAccess(f"These AWS credentials lack the permission{_origin()}: {text}")
    return click.ClickException(str(error))


def _chain() -> str:
    lines = "\n".join(f"  {place}: {found}" for place, found in tried())
    return f"Looked for credentials, in this order, in:\n{lines}"


def _origin() -> str:
    try:
        found = botocore_session().get_credentials()
    except BotoCoreError:
        return ""
    return f" (from {found.method})" if found is not None and found.method else ""


def _profile() -> str:
    name = click.get_current_context().find_root().params.get("profile")
    return f" --profile {name}" if name else ""


def _is_set(*names: str) -> str:
    present = [name for name in names if os.environ.get(name)]
    missing = [name for name in names if name not in present]
    if not present:
        return f"{' and '.join(names)} are not set"
    return f"{' and '.join(missing)} is not set" if missing else "set"


def _section(opened: botocore.session.Session, variable: str) -> str:
    file = Path(str(opened.get_config_variable(variable))).expanduser()
    if not file.exists():
        return f"there is no {file}"
    profile = opened.profile or "default"
    is_there = profile in opened.available_profiles
    return f"{file}, profile {profile}: {'no usable keys' if is_there else 'not in it'}"
