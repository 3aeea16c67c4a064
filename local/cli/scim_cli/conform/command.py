"""`scim conform`: tests a server against a specification, rule by rule."""

from typing import Final

import click
import httpx2

from scim_cli import __version__
from scim_cli.conform.credentials import Opening, credential_options
from scim_cli.conform.interop import INTEROP
from scim_cli.conform.interop_changes import CHANGES
from scim_cli.conform.ipsie import AL1
from scim_cli.conform.ipsie_al2 import AL2
from scim_cli.conform.probe import Probe
from scim_cli.conform.report import html_report, json_report, lines_of, summary_of
from scim_cli.conform.rfc_async import ASYNC
from scim_cli.conform.rfc_lists import LISTS
from scim_cli.conform.rfc_more import MORE
from scim_cli.conform.rfc_patch import PATCHING
from scim_cli.conform.rfc_reading import READING
from scim_cli.conform.rfc_writing import WRITING
from scim_cli.conform.rule import Level, Profile, Rule
from scim_cli.conform.run import Result, Verdict, results_of
from scim_cli.exits import Unreachable
from scim_cli.http_client import client_for
from scim_cli.output import OutputFormat, note, output_options, show_one
from scim_cli.service import require_url

RULES: Final[tuple[Rule, ...]] = tuple(
    rule
    for part in (READING, LISTS, WRITING, MORE, PATCHING, ASYNC, INTEROP, CHANGES, AL1, AL2)
    for rule in part.all
)
_TIMEOUT = 30.0


@click.command()
@click.argument("base")
@credential_options
@click.option(
    "--profile",
    type=click.Choice([str(profile) for profile in Profile]),
    default=Profile.RFC.value,
    help="The specification.",
)
@click.option(
    "--report", type=click.Choice(["html", "json"]), help="Print every rule, as a page or as JSON."
)
@click.option(
    "--i-accept-writes",
    "writes",
    is_flag=True,
    help="Allow writes: create users and groups, and remove them.",
)
@output_options
def conform(
    base: str,
    opening: Opening,
    profile: str,
    report: str | None,
    *,
    writes: bool,
    form: OutputFormat,
) -> None:
    """Test the SCIM server at BASE against a specification.

    BASE is the URL before /Users. The token is TOKEN, in --token-file or in SCIM_TOKEN, or the authorization server
    of BASE gives it to --client for a JWT signed with --key. Without --i-accept-writes nothing is written. The
    command fails if a MUST is not met.
    """
    require_url(base)
    specification = Profile(profile)
    results, leftovers = _run(base.rstrip("/"), opening, specification, writes=writes)
    match report:
        case "html":
            click.echo(html_report(specification, results, leftovers), nl=False)
        case "json":
            click.echo(json_report(specification, results, leftovers))
        case _:
            for line in lines_of(results):
                click.echo(line, err=form.is_for_program)
            show_one(summary_of(specification, results), form)
            if not writes:
                note("Rules that need writes were not tried: --i-accept-writes tries them.")
    failures = [
        result
        for result in results
        if result.verdict is Verdict.FAILS and result.rule.level is Level.MUST
    ]
    if failures:
        raise click.exceptions.Exit(1)


def _run(
    base: str, opening: Opening, profile: Profile, *, writes: bool
) -> tuple[list[Result], list[str]]:
    """Return the result of each rule, and the test resources that could not be removed.

    Test resources are removed however the run ends, even by an interruption.
    """
    leftovers: list[str] = []
    agent = {"User-Agent": f"scim-conform/{__version__}"}
    with client_for(base, headers=agent, timeout=_TIMEOUT) as http:
        probe = Probe(base, http, client=opening.client, may_write=writes)
        try:
            http.headers["Authorization"] = f"Bearer {opening.token(probe)}"
            probe.once("/ServiceProviderConfig")
        except httpx2.HTTPError as error:
            raise Unreachable.at(base, error) from error
        try:
            return list(results_of(probe, RULES, profile, writes=writes)), leftovers
        finally:
            leftovers += probe.clean()
            for path in leftovers:
                note(f"{path} could not be removed.")
