"""`scim test-connection`."""

import click

from scim_cli.deployment.trial import Finding, trial
from scim_cli.exits import Unreachable
from scim_cli.http_client import client_for
from scim_cli.output import OutputFormat, Row, output_options, show
from scim_cli.service import require_token, require_url


@click.command("test-connection")
@click.argument("base")
@click.argument("token", envvar="SCIM_TOKEN")
@output_options
def try_connection(base: str, token: str, form: OutputFormat) -> None:
    """Send an identity provider's connection test to the SCIM server at BASE, and explain the result.

    The TOKEN can be in SCIM_TOKEN instead, so that it is not visible.
    """
    require_url(base)
    require_token(token)
    results = findings(base, token)
    show([_row(finding, form) for finding in results], form)
    require_well(results)


def findings(base: str, token: str) -> list[Finding]:
    """Return the findings for a base URL and a token."""
    with client_for(base) as http:
        return list(trial(http, base, token))


def require_well(results: list[Finding]) -> None:
    """End the command with an error if a check failed; with Unreachable if there was no response."""
    if not all(finding.is_well for finding in results):
        is_answered = all(finding.is_answered for finding in results)
        kind = click.ClickException if is_answered else Unreachable
        raise kind("An identity provider could not connect.")


def _row(finding: Finding, form: OutputFormat) -> Row:
    if form.is_for_program:
        return {
            "question": finding.question,
            "isWell": finding.is_well,
            "answer": finding.explanation,
        }
    return {
        "": "ok" if finding.is_well else "NO",
        "question": finding.question,
        "answer": finding.explanation,
    }
