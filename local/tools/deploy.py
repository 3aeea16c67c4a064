"""`python -m local.tools.deploy ENV`: ask what a deployment needs to know, once, then build and deploy it with SAM.

The answers are kept in samconfig.toml under the environment's name, where more parameters may be added.
"""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.events.built import ARCHITECTURES, SAM, cache_of, variables_of
from local.limits import DOCUMENT, wrong_with
from scim.variable import LimitsError

CONFIG = Path("samconfig.toml")
FUNCTIONS = Path("functions")
"""Deployed as they stand: the built template refers to them."""
ENVIRONMENTS = ("dev", "prod")
_REGION = "region"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, the parameter it answers, and what an empty line means."""

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
    """Something that cannot be deployed; the text says what was expected."""


def answers(ask: Callable[[str], str]) -> dict[str, str]:
    """Ask all questions; return the answers by parameter, those that were left empty as usual."""
    return {
        each.parameter: ask(f"{each.words}{f' [{each.usual}]' if each.usual else ''}: ").strip()
        or each.usual
        for each in QUESTIONS
    }


def section_of(environment: str, given: Mapping[str, str], limits: str = "{}") -> str:
    """Return an environment's sections of samconfig.toml; raises DeploymentError for what cannot be."""
    if bool(given["DomainName"]) != bool(given["CertificateArn"]):
        raise DeploymentError("A domain needs a certificate, and a certificate a domain.")
    if given["DeletionProtection"] not in ("true", "false"):
        raise DeploymentError("DeletionProtection: expected true or false.")
    parameters = {**{k: v for k, v in given.items() if k != _REGION and v}, DOCUMENT: limits}
    listed = ",\n".join(f"  {json.dumps(f'{name}={value}')}" for name, value in parameters.items())
    return (
        f"\n[{environment}.global.parameters]\n"
        f'stack_name = "scim-{environment}"\nregion = {json.dumps(given[_REGION])}\n'
        f"\n[{environment}.build.parameters]\ncached = true\nparallel = true\n"
        f"\n[{environment}.deploy.parameters]\nresolve_s3 = true\ns3_prefix = "
        f'"scim-{environment}"\ncapabilities = "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"\n'
        f"fail_on_empty_changeset = false\nparameter_overrides = [\n{listed},\n]\n"
    )


def overrides_of(config: str, environment: str) -> list[str]:
    """Return an environment's parameters in samconfig.toml, as `sam deploy` takes them."""
    parsed = tomllib.loads(config)[environment]["deploy"]["parameters"]
    overrides: list[str] | str = parsed.get("parameter_overrides", [])
    return [overrides] if isinstance(overrides, str) else overrides


def require_sound(config: str, environment: str) -> None:
    """Raise DeploymentError where the environment's limits are not such."""
    for each in overrides_of(config, environment):
        name, _, value = each.partition("=")
        if name != DOCUMENT:
            continue
        try:
            wrong = wrong_with(value)
        except LimitsError as error:
            raise DeploymentError(str(error)) from error
        if wrong:
            raise DeploymentError(f"{DOCUMENT}: {wrong}")


def release_of(folders: Iterable[Path], overrides: Sequence[str]) -> str:
    """Name what is deployed by what it is made of: a hash of the files (bytecode apart) and the parameters.

    Lambda publishes a new version where the name is another one (the parameter Release).
    """
    digest = hashlib.sha256("\0".join(overrides).encode())
    for folder in folders:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            if file.suffix != ".pyc":
                digest.update(f"\0{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def architecture_of(overrides: Sequence[str]) -> str:
    """Return the processors that the parameters say, which the layer is built for."""
    said = [each.partition("=") for each in overrides]
    return next((value for name, _, value in said if name == "Architecture"), ARCHITECTURES[0])


def building(environment: str, build: Path, *more: str) -> list[str]:
    """Return the command that builds an environment; `more` are arguments of SAM's."""
    return [str(SAM), "build", "--config-env", environment, *more, "--build-dir", str(build)]


def deploying(environment: str, build: Path, overrides: Sequence[str], *more: str) -> list[str]:
    """Return the command that deploys what was built, under the name of its release."""
    release = release_of((build, FUNCTIONS), overrides)
    named = ["--config-env", environment, *more, "--template-file", str(build / "template.yaml")]
    return [str(SAM), "deploy", *named, "--parameter-overrides", *overrides, f"Release={release}"]


def main(arguments: Sequence[str]) -> int:
    """Deploy the environment that is named; return the exit code."""
    environment = arguments[0] if arguments else ""
    if environment not in ENVIRONMENTS:
        print(f"Say which: make deploy ENV={' or ENV='.join(ENVIRONMENTS)}", file=sys.stderr)
        return 2
    config = CONFIG.read_text("utf-8")
    try:
        if environment not in tomllib.loads(config):
            config += section_of(environment, answers(input))
            CONFIG.write_text(config, "utf-8")
            print(f"Kept in {CONFIG}; change it there and deploy again.")
        require_sound(config, environment)
    except DeploymentError as error:
        print(error, file=sys.stderr)
        return 2
    except EOFError:
        print("\nNo answers, nothing to deploy.", file=sys.stderr)
        return 2
    # PYTHONPATH is the Makefile's and would reach into SAM's own environment.
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
