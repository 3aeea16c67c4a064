"""`scim users`, `scim groups` and `scim resource`: list, get, create, patch and delete."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scim_cli.group import Group
from scim_cli.input_files import json_in
from scim_cli.output import OutputFormat, note, show, show_one
from scim_cli.resources.values import pairs_in, patch_of, resource_of, value_at
from scim_cli.service import Refused, Service, path_to, serviced

_PAGE = 100
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NAMES = ("userName", "displayName", "name", "externalId", "active")
"""What of a resource is worth a column, where it has it."""


def commands_of(endpoint: str, name: str | None = None, line: str | None = None) -> click.Group:
    """Return the commands about the resources at an endpoint, such as `Users`."""
    group = Group(name or endpoint, help=line or f"List, get, create, patch and delete {endpoint}.")

    @group.command("list")
    @click.option("--filter", "filter_", help="A filter of RFC 7644 section 3.4.2.2.")
    @click.option("--attributes", help="Attribute names, separated by commas.")
    @click.option("--count", type=click.IntRange(1), help="Maximum number; default all.")
    @serviced
    def list_(
        service: Service, filter_: str | None, attributes: str | None, count: int | None
    ) -> None:
        """Show all resources, or those that match a filter."""
        parameters = {"filter": filter_, "attributes": attributes}
        query = {name: value for name, value in parameters.items() if value is not None}
        resources = _resources_at(service, endpoint, query, count)
        if service.format.is_for_program:
            show(resources, service.format)
        elif attributes:
            show(_asked_rows(resources, attributes), service.format)
        else:
            show(_rows(resources), service.format)

    @group.command("get")
    @click.argument("id_", metavar="ID")
    @serviced
    def get(service: Service, id_: str) -> None:
        """Show the resource with this id."""
        _show(service.call("GET", path_to(endpoint, id_)), service.format)

    @group.command("create")
    @click.argument("values", nargs=-1, metavar="[ATTRIBUTE=VALUE]...")
    @click.option(
        "--file", type=_FILE, help="File with the resource in JSON, instead of ATTRIBUTE=VALUE."
    )
    @serviced
    def create(service: Service, values: tuple[str, ...], file: Path | None) -> None:
        """Create a resource. name.givenName=Ada is a sub-attribute; a list or an object is JSON."""
        pairs = _either(values, file)
        body = json_in(file) if file else resource_of(service, endpoint, pairs)
        _show(service.call("POST", f"/{endpoint}", body), service.format)

    @group.command("patch")
    @click.argument("id_", metavar="ID")
    @click.argument("values", nargs=-1, metavar="[ATTRIBUTE=VALUE]...")
    @click.option(
        "--file", type=_FILE, help="File with the PatchOp in JSON, instead of ATTRIBUTE=VALUE."
    )
    @serviced
    def patch(service: Service, id_: str, values: tuple[str, ...], file: Path | None) -> None:
        """Change the resource with this id. An empty VALUE removes the attribute."""
        pairs = _either(values, file)
        body = json_in(file) if file else patch_of(service, endpoint, pairs)
        resource = service.call("PATCH", path_to(endpoint, id_), body)
        _show(resource or service.call("GET", path_to(endpoint, id_)), service.format)

    @group.command("delete")
    @click.argument("ids", nargs=-1, required=True, metavar="ID...")
    @serviced
    def delete(service: Service, ids: tuple[str, ...]) -> None:
        """Delete the resources with these ids."""
        for id_ in ids:
            try:
                service.call("DELETE", path_to(endpoint, id_))
            except Refused as refusal:
                raise click.ClickException(f"{id_}: {refusal}") from refusal
            note(f"{id_} is deleted.")

    return group


class _Endpoints(click.Group):
    """A group with a command for each endpoint that a service serves."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        """Return the commands about an endpoint."""
        return commands_of(cmd_name)


@click.command(cls=_Endpoints, subcommand_metavar="ENDPOINT COMMAND [ARGS]...")
def resource() -> None:
    """List, get, create, patch and delete resources of any type, such as Devices."""


users = commands_of("Users", "users", "List, get, create, patch and delete users.")
groups = commands_of("Groups", "groups", "List, get, create, patch and delete groups.")


def _resources_at(
    service: Service, endpoint: str, query: dict[str, str], limit: int | None
) -> list[dict[str, Any]]:
    resources: list[dict[str, Any]] = []
    while limit is None or len(resources) < limit:
        size = _PAGE if limit is None else min(_PAGE, limit - len(resources))
        paging = {"startIndex": str(len(resources) + 1), "count": str(size)}
        page_resources, total = service.page(f"/{endpoint}", {**query, **paging})
        resources += page_resources
        if not page_resources or len(resources) >= total:
            break
    return resources


def _asked_rows(resources: Sequence[dict[str, Any]], attributes: str) -> list[dict[str, Any]]:
    """Return a row for each resource, with a column for each attribute that was asked for."""
    names = [name.strip() for name in attributes.split(",") if name.strip()]
    return [
        {"id": resource.get("id"), **{name: _in_line(value_at(resource, name)) for name in names}}
        for resource in resources
    ]


def _rows(resources: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each resource, with the usual columns for which any has a plain value."""
    rows = [
        {
            name: _in_line(resource[name])
            for name in _NAMES
            if isinstance(resource.get(name), str | bool | int)
        }
        for resource in resources
    ]
    columns = [name for name in _NAMES if any(name in row for row in rows)]
    return [
        {"id": resource.get("id"), **{name: row.get(name) for name in columns}}
        for resource, row in zip(resources, rows, strict=True)
    ]


def _in_line(value: object) -> object:
    return value.replace("\n", "\\n") if isinstance(value, str) else value


def _show(resource: dict[str, Any], form: OutputFormat) -> None:
    # A resource is a tree: where no other form is asked for, YAML is the one for people.
    show_one(resource, form if form.is_for_program else OutputFormat.YAML)


def _either(values: tuple[str, ...], file: Path | None) -> dict[str, str]:
    if bool(values) is (file is not None):
        raise click.UsageError("Give either ATTRIBUTE=VALUE or --file.")
    return pairs_in(values)
