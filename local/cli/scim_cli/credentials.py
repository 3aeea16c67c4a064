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
_UNKNOWN_OPERATION = "UnknownOperationException"
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


def botocore_session() -> botocore.session.Session:
    """Return the caller's session: by --profile and --region, else by the environment."""
    options = click.get_current_context().find_root().params
    profile = options.get("profile")
    aws_session = botocore.session.Session(profile=profile)
    if region := options.get("region") or os.environ.get("AWS_REGION"):
        aws_session.set_config_variable("region", region)
    return aws_session


def session() -> boto3.Session:
    """Return the same for boto3. Raises NoAccess when there is no profile of that name."""
    try:
        return boto3.Session(botocore_session=botocore_session())
    except ProfileNotFound as error:
        raise refusal(error) from error


def credential_sources() -> Iterator[tuple[str, str]]:
    """Yield each place where credentials are looked for, in order, and what is found there."""
    aws_session = botocore_session()
    for provider in aws_session.get_component("credential_provider").providers:
        match provider.METHOD:
            case "env":
                yield "environment", _is_set("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
            case "assume-role-with-web-identity":
                yield "web identity", _is_set("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")
            case "shared-credentials-file":
                yield "credentials file", _section(aws_session, "credentials_file")
            case "config-file":
                yield (
                    "config file (keys, roles, SSO, processes)",
                    _section(aws_session, "config_file"),
                )
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
            profiles = ", ".join(botocore.session.Session().available_profiles) or "none"
            return NoAccess(f"{error}. There are: {profiles}.")
        case NoCredentialsError() | PartialCredentialsError() | CredentialRetrievalError():
            return NoAccess(f"{error}.\n{_chain()}".replace("..", "."))
        case SSOError() | TokenRetrievalError() | LoginError():
            return NoAccess(f"{error}\nThe sign-in has expired: aws sso login{_profile()}.")
        case NoRegionError():
            return NoAccess("No AWS region: give --region, or set AWS_REGION.")
        case ClientError():
            return _client_error_of(error)
        case NoConnection() | HTTPClientError():
            return Unreachable(str(error))
        case _:
            return click.ClickException(str(error))


def _client_error_of(error: ClientError) -> click.ClickException:
    details = error.response.get("Error", {})
    code, text = details.get("Code", ""), details.get("Message", str(error))
    if code in _EXPIRED:
        return NoAccess(
            f"The AWS credentials have expired{_origin()}: {text}\n"
            f"Sign in again (aws sso login{_profile()}), or renew them."
        )
    if code in _UNKNOWN:
        return NoAccess(f"AWS does not know these credentials{_origin()}: {text}")
    if code in _DENIED:
        return NoAccess(f"These AWS credentials lack the permission{_origin()}: {text}")
    if code == _UNKNOWN_OPERATION:
        return click.ClickException(
            f"The endpoint does not know {error.operation_name}: it is an emulator, such as DynamoDB Local,"
            " that has only a part of AWS."
        )
    return click.ClickException(str(error))


def _chain() -> str:
    lines = "\n".join(f"  {source}: {outcome}" for source, outcome in credential_sources())
    return f"Looked for credentials, in this order, in:\n{lines}"


def _origin() -> str:
    try:
        credentials = botocore_session().get_credentials()
    except BotoCoreError:
        return ""
    return f" (from {credentials.method})" if credentials is not None and credentials.method else ""


def _profile() -> str:
    name = click.get_current_context().find_root().params.get("profile")
    return f" --profile {name}" if name else ""


def _is_set(*names: str) -> str:
    set_names = [name for name in names if os.environ.get(name)]
    unset_names = [name for name in names if name not in set_names]
    if not set_names:
        return f"{' and '.join(names)} are not set"
    return f"{' and '.join(unset_names)} is not set" if unset_names else "set"


def _section(aws_session: botocore.session.Session, variable: str) -> str:
    file = Path(str(aws_session.get_config_variable(variable))).expanduser()
    if not file.exists():
        return f"there is no {file}"
    profile = aws_session.profile or "default"
    is_there = profile in aws_session.available_profiles
    return f"{file}, profile {profile}: {'no usable keys' if is_there else 'not in it'}"
