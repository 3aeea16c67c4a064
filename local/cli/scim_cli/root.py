"""The root command. It loads a command only when that is called: `scim --help` loads none."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EPIPE
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from scim_cli import __version__


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a command, as `module:attribute`, and its line in the help of `scim`."""

    path: str
    line: str


SECTIONS: dict[str, dict[str, Place]] = {
    "Getting started": {
        "quickstart": Place(
            "scim_cli.deployment.quickstart:quickstart",
            "Create TENANT and a token, test them, and print the values for an identity provider.",
        ),
        "status": Place(
            "scim_cli.deployment.status:status",
            "Show the deployment and the state of each tenant.",
        ),
        "doctor": Place(
            "scim_cli.deployment.doctor:doctor",
            "Check credentials, region, stack, table and alarms, and explain what is wrong.",
        ),
        "test-connection": Place(
            "scim_cli.deployment.try_connection:try_connection",
            "Send an identity provider's connection test to the SCIM server at BASE, and explain the result.",
        ),
        "simulate": Place(
            "scim_cli.simulate.command:simulate",
            "Send the requests of PROVIDER: its test, users, a group, a user who leaves.",
        ),
        "completion": Place(
            "scim_cli.completion:completion",
            "Print a completion script for a shell.",
        ),
    },
    "Tenants and credentials": {
        "tenant": Place("scim_cli.admin.tenant:tenant", "Create, show and change tenants."),
        "token": Place("scim_cli.admin.token:token", "Create, list, rotate and revoke tokens."),
        "console": Place(
            "scim_cli.admin.console:console",
            "Open the operator's console, list and end its sessions.",
        ),
        "portal": Place(
            "scim_cli.admin.portal:portal",
            "Create, list and revoke links to a tenant's setup portal.",
        ),
        "client": Place(
            "scim_cli.admin.client:client",
            "Create, list, rotate and revoke clients of the token endpoint.",
        ),
        "issuer": Place(
            "scim_cli.admin.issuer:issuer", "Set the other issuers whose tokens a tenant accepts."
        ),
        "profile": Place("scim_cli.admin.tenant:profile", "Show and set a tenant's profile."),
        "definitions": Place(
            "scim_cli.admin.definitions:definitions",
            "Show, check and set a tenant's own definitions.",
        ),
        "mapping": Place(
            "scim_cli.admin.mapping:mapping",
            "Draft, preview, activate and roll back a tenant's mapping.",
        ),
        "limit": Place("scim_cli.admin.tenant:limit", "Show and set how fast a tenant may call."),
        "breaker": Place(
            "scim_cli.admin.breaker:breaker",
            "Show, set and release the guard against mass deletions.",
        ),
        "feed": Place(
            "scim_cli.admin.feed:feed",
            "Set what a tenant's change feed contains, and where events are pushed.",
        ),
        "request-log": Place(
            "scim_cli.admin.request_log:request_log",
            "Set whether a tenant's last requests are kept, and how long with bodies.",
        ),
        "audit": Place(
            "scim_cli.admin.audit:audit",
            "Show a tenant's changes, refused requests and administrators' acts.",
        ),
        "report": Place(
            "scim_cli.admin.audit:report",
            "Show which tolerances a tenant's clients have used, how often and when last.",
        ),
    },
    "A tenant's directory, over HTTP": {
        "users": Place(
            "scim_cli.resources.command:users", "List, get, create, patch and delete users."
        ),
        "groups": Place(
            "scim_cli.resources.command:groups", "List, get, create, patch and delete groups."
        ),
        "resource": Place(
            "scim_cli.resources.command:resource",
            "List, get, create, patch and delete resources of any type, such as Devices.",
        ),
        "import": Place("scim_cli.transfer.import_:import_", "Import FILE."),
        "export": Place("scim_cli.transfer.export:export", "Export to FILE."),
        "requests": Place(
            "scim_cli.requests:requests",
            "Show the last requests of a tenant's clients, values as pseudonyms.",
        ),
        "events": Place(
            "scim_cli.events:events",
            "Print the events that a receiver has not acknowledged, the claims of one in each line.",
        ),
        "job": Place("scim_cli.job:job", "Show, await, restart and cancel jobs."),
        "undo": Place(
            "scim_cli.undo:undo",
            "Undo the writes of a job or a token, except where others have made changes since.",
        ),
        "undelete": Place(
            "scim_cli.undo:undelete",
            "Restore a deleted resource, such as Users/2819c223.",
        ),
        "conform": Place(
            "scim_cli.conform.command:conform",
            "Test the SCIM server at BASE against a specification.",
        ),
    },
    "The table": {
        "index": Place(
            "scim_cli.admin.index:index",
            "Fill indexes that were declared after resources were stored.",
        ),
        "fsck": Place("scim_cli.fsck:fsck", "Check the consistency of the stored items."),
        "restore": Place(
            "scim_cli.deployment.restore:restore",
            "Restore the table to an earlier moment, as a new table NAME, ready to be served.",
        ),
        "destroy": Place(
            "scim_cli.deployment.destroy:destroy",
            "Delete a deployment's stack.",
        ),
    },
}
"""The commands of `scim`. A test compares each line with the first sentence of its command."""

_PLACES = {name: place for section in SECTIONS.values() for name, place in section.items()}


class _Commands(click.Group):
    """A group that knows its commands by name and loads only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """Return the names of all commands."""
        return list(_PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        """Return the command of a name, loaded; None when there is none."""
        command_place = _PLACES.get(cmd_name)
        if command_place is None:
            return None
        module, _, attribute = command_place.path.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the called command; if there is none, fail with the name nearest to it."""
        if args[0] not in _PLACES and not args[0].startswith("-"):
            from scim.service.administration.suggestions import suggestion  # noqa: PLC0415 - not for --help

            ctx.fail(f"There is no command {args[0]}.{suggestion(args[0], _PLACES)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as click calls it
        """Write the lines of the table."""
        for title, places in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, place.line) for name, place in places.items()])

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; `--help` and `--version` write their text here."""
        with _output_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of a file or of the output ends it with a sentence."""
        from scim_cli.output import bear_every_text, shown_of  # noqa: PLC0415 - not for --help

        bear_every_text()
        try:
            with _output_errors():
                return super().invoke(ctx)
        except UnicodeEncodeError as error:
            raise click.UsageError(
                f"The command line holds bytes that are not {error.encoding}, at {shown_of(error.object)!a}."
            ) from error

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the names with this beginning, without loading any command."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=place.line)
            for name, place in _PLACES.items()
            if name.startswith(incomplete)
        ]


@contextmanager
def _output_errors() -> Iterator[None]:
    """Turn an error of a file or of the output into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno == EPIPE:
            raise
        _drop_unwritable_output()
        file_prefix = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{file_prefix}{error.strerror or error}.") from error


def _drop_unwritable_output() -> None:
    """Drop the output that could not be written: Python would try again at its end, and report it once more."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.command(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "show_default": True}
)
@click.version_option(__version__, prog_name="scim")
@click.option("--profile", metavar="NAME", help="AWS profile in ~/.aws (AWS_PROFILE).")
@click.option("--region", metavar="NAME", help="The AWS region (AWS_REGION).")
def scim(**_: str | None) -> None:
    """Administer a deployment of serverless-scim.

    SCIM_STACK or SCIM_TABLE, or --stack or --table, names the deployment; --local is the service of
    `make run` on this machine. Results go to standard output, everything else to standard
    error.

    Exit codes: 0 done; 1 refused or done in part; 2 the command line is wrong; 3 no AWS
    credentials that are valid and have the permission; 4 AWS or the service cannot be reached.
    """
