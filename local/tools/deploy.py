"""`python -m local.tools.deploy ENV`: asks once for a deployment's parameters, then builds and deploys it with SAM.

The answers are stored in samconfig.toml under the environment's name, where more parameters may be added.
"""

import difflib
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.arguments import ArgumentError, require_allowed
from local.events.built import ARCHITECTURES, SAM, cache_of, variables_of
from local.limits import DOCUMENT, wrong_with
from local.template import document_of
from scim.variable import LimitsError

CONFIG, TEMPLATE = Path("samconfig.toml"), Path("template.yaml")
FUNCTIONS = Path("functions")
"""Deployed unchanged: the built template refers to them."""
ENVIRONMENTS = ("dev", "prod")
_REGION = "region"
_REGION_NAME = re.compile(r"[a-z]{2,4}(-[a-z]+){1,2}-[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Question:
    """The question, its parameter, and the value for an empty answer."""

    parameter: str
    words: str
    usual: str


QUESTIONS = (
    Question(_REGION, "AWS region", "us-east-1"),
    Question("DomainName", "Domain of the API (scim.example.com), empty for AWS's own", ""),
    Question(
        "CertificateArn", "ARN of the domain's certificate in ACM, empty without a domain", ""
    ),
    Question("AlarmEmail", "E-mail address for alarms, empty for none", ""),
    Question("LogRetentionDays", "Days that logs are kept", "30"),
    Question("DeletionProtection", "Protect the table from deletion (true or false)", "true"),
)


class DeploymentError(Exception):
    """Parameters that cannot be deployed; the text says what was expected."""


def answers(ask: Callable[[str], str]) -> dict[str, str]:
    """Ask all questions; return the answers by parameter, with the usual values for empty ones."""
    return {
        question.parameter: ask(
            f"{question.words}{f' [{question.usual}]' if question.usual else ''}: "
        ).strip()
        or question.usual
        for question in QUESTIONS
    }


def section_of(environment: str, values: Mapping[str, str], limits: str = "{}") -> str:
    """Return an environment's sections of samconfig.toml. Raises DeploymentError for invalid answers."""
    if bool(values["DomainName"]) != bool(values["CertificateArn"]):
        raise DeploymentError("A domain needs a certificate, and a certificate a domain.")
    parameters = {**{k: v for k, v in values.items() if k != _REGION and v}, DOCUMENT: limits}
    overrides = ",\n".join(
        f"  {json.dumps(f'{name}={value}')}" for name, value in parameters.items()
    )
    return (
        f"\n[{environment}.global.parameters]\n"
        f'stack_name = "scim-{environment}"\nregion = {json.dumps(values[_REGION])}\n'
        f"\n[{environment}.build.parameters]\ncached = true\nparallel = true\n"
        f"\n[{environment}.deploy.parameters]\nresolve_s3 = true\ns3_prefix = "
        f'"scim-{environment}"\ncapabilities = "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"\n'
        f"fail_on_empty_changeset = false\nparameter_overrides = [\n{overrides},\n]\n"
    )


def overrides_of(config: str, environment: str) -> list[str]:
    """Return an environment's parameters in samconfig.toml, each as NAME=VALUE; SAM also takes them in one text."""
    parameters = tomllib.loads(config)[environment]["deploy"]["parameters"]
    overrides: list[str] | str = parameters.get("parameter_overrides", [])
    return shlex.split(overrides) if isinstance(overrides, str) else overrides


def require_sound(config: str, environment: str) -> None:
    """Raise DeploymentError for a wrong region, and for limits and parameters that the template does not have or allow."""
    named = tomllib.loads(config)[environment].get("global", {}).get("parameters", {}).get(_REGION)
    if named is not None and not _REGION_NAME.fullmatch(str(named)):
        raise DeploymentError(f"{_REGION} = {named}: expected a region like us-east-1.")
    parameters = document_of(TEMPLATE)["Parameters"]
    for override in overrides_of(config, environment):
        name, _, value = override.partition("=")
        if name not in parameters:
            nearest = difflib.get_close_matches(name, parameters, 1)
            hint = f" Did you mean {nearest[0]}?" if nearest else ""
            raise DeploymentError(f"The template has no parameter {name}.{hint}")
        try:
            require_allowed(name, value, parameters[name])
            fault = wrong_with(value) if name == DOCUMENT else ""
        except (ArgumentError, LimitsError) as error:
            raise DeploymentError(str(error)) from error
        if fault:
            raise DeploymentError(f"{DOCUMENT}: {fault}")


def release_of(folders: Iterable[Path], overrides: Sequence[str]) -> str:
    """Return the name of a release: a hash of its files (without bytecode) and of the parameters.

    Lambda publishes a new version if the name has changed (the parameter Release).
    """
    digest = hashlib.sha256("\0".join(overrides).encode())
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            if file.suffix != ".pyc":
                digest.update(f"\0{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def architecture_of(overrides: Sequence[str]) -> str:
    """Return the architecture in the parameters, for which the layer is built."""
    pairs = [override.partition("=") for override in overrides]
    return next((value for name, _, value in pairs if name == "Architecture"), ARCHITECTURES[0])


def building(environment: str, build: Path, *arguments: str) -> list[str]:
    """Return the command that builds an environment; `arguments` are further ones for SAM."""
    return [str(SAM), "build", "--config-env", environment, *arguments, "--build-dir", str(build)]


def deploying(
    environment: str, build: Path, overrides: Sequence[str], *arguments: str
) -> list[str]:
    """Return the command that deploys the build, under the name of its release."""
    release = release_of((build, FUNCTIONS), overrides)
    options = [
        "--config-env",
        environment,
        *arguments,
        "--template-file",
        str(build / "template.yaml"),
    ]
    parameters = [_quoted(override) for override in (*overrides, f"Release={release}")]
    return [str(SAM), "deploy", *options, "--parameter-overrides", *parameters]


def _quoted(override: str) -> str:
    """Return NAME=VALUE with the value in quotation marks: without them SAM reads it up to a space or a `"`."""
    name, _, value = override.partition("=")
    escaped = value.replace('"', '\\"').replace("'", "\\'")
    return f"{name}='{escaped}'"


def main(arguments: Sequence[str]) -> int:
    """Deploy the named environment; return the exit code."""
    environment = arguments[0] if arguments else ""
    if environment not in ENVIRONMENTS:
        print(f"Say which: make deploy ENV={' or ENV='.join(ENVIRONMENTS)}", file=sys.stderr)
        return 2
    config = CONFIG.read_text("utf-8")
    try:
        if environment not in tomllib.loads(config):
            config += section_of(environment, answers(input))
            require_sound(config, environment)
            CONFIG.write_text(config, "utf-8")
            print(f"Kept in {CONFIG}; change it there and deploy again.")
        require_sound(config, environment)
    except DeploymentError as error:
        print(error, file=sys.stderr)
        return 2
    except EOFError:
        print("\nNo answers, nothing to deploy.", file=sys.stderr)
        return 2
    # The Makefile's PYTHONPATH would affect SAM's own environment.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    build = Path(".aws-sam/build")
    overrides = overrides_of(config, environment)
    architecture = architecture_of(overrides)
    command = building(environment, build, "--cache-dir", str(cache_of(architecture)))
    code = subprocess.run(command, env=plain | variables_of(architecture), check=False).returncode
    if code != 0:
        return code
    command = deploying(environment, build, overrides)
    return subprocess.run(command, env=plain, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
