"""`scim conform`: a server held against a specification, rule by rule."""

import os
from pathlib import Path

import click
import httpx2

from scim_cli import __version__
from scim_cli.conform.catalogue import RULES
from scim_cli.conform.probe import Probe
from scim_cli.conform.report import html_report, json_report, lines_of, summary_of
from scim_cli.conform.rule import Level, Profile
from scim_cli.conform.run import Verdict, results_of
from scim_cli.output import Format, note, output_options, show_one

_TIMEOUT = 30.0


@click.command()
@click.argument("base")
@click.argument("token", required=False)
@click.option("--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--profile", type=click.Choice([str(each) for each in Profile]), default=Profile.RFC.value
)
@click.option(
    "--report", type=click.Choice(["html", "json"]), help="Print every rule, as a page or as JSON."
)
@click.option(
    "--i-accept-writes", "writes", is_flag=True, help="Make up users and groups, and remove them."
)
@output_options
def conform(
    base: str,
    token: str | None,
    token_file: Path | None,
    profile: str,
    report: str | None,
    *,
    writes: bool,
    form: Format,
) -> None:
    """Hold the SCIM server at BASE against a specification.

    BASE is what /Users is below. The token is TOKEN, in --token-file or in SCIM_TOKEN. Nothing is written unless
    that is accepted. The command fails when a MUST is not kept.
    """
    secret = (
        token_file.read_text("utf-8").strip()
        if token_file
        else token or os.environ.get("SCIM_TOKEN", "")
    )
    if not secret:
        raise click.UsageError("Say TOKEN, --token-file or SCIM_TOKEN.")
    chosen = Profile(profile)
    headers = {"Authorization": f"Bearer {secret}", "User-Agent": f"scim-conform/{__version__}"}
    with httpx2.Client(headers=headers, timeout=_TIMEOUT) as http:
        probe = Probe(base.rstrip("/"), http)
        try:
            probe.once("/ServiceProviderConfig")
        except httpx2.HTTPError as error:
            raise click.ClickException(
                f"{base} does not answer: {type(error).__name__}."
            ) from error
        try:
            results = list(results_of(probe, RULES, chosen, writes=writes))
        finally:
            left = probe.clean()
    for path in left:
        note(f"{path} could not be removed.")
    match report:
        case "html":
            click.echo(html_report(chosen, results, left), nl=False)
        case "json":
            click.echo(json_report(chosen, results, left))
        case _:
            for line in lines_of(results):
                click.echo(line)
            show_one(summary_of(chosen, results), form)
    failed = [
        each for each in results if each.verdict is Verdict.FAILS and each.rule.level is Level.MUST
    ]
    if failed:
        raise click.exceptions.Exit(1)
