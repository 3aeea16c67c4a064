"""CloudFormation as far as it tells stacks' outputs and deletes stacks, on a port of this machine."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from types import MappingProxyType
from urllib.parse import parse_qs

from tests.fakes.posts import Posted, answering

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
Stacks = MutableMapping[str, Mapping[str, str]]
"""The outputs of stacks by their names."""


@contextmanager
def cloudformation(
    stacks: Stacks, tables: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """Yield the address of a CloudFormation with these stacks; one that is deleted is taken out.

    `tables` are the names of the tables that stacks have created.
    """

    def answer(sent: bytes) -> Posted:
        form = {name: values[0] for name, values in parse_qs(sent.decode()).items()}
        name = form["StackName"]
        if name not in stacks:
            return _missing(f"Stack with id {name} does not exist")
        if form["Action"] == "DeleteStack":
            del stacks[name]
            return Posted(200, "text/xml", _DELETED.encode())
        if form["Action"] == "DescribeStackResource":
            return _resource(form["LogicalResourceId"], tables.get(name))
        return Posted(200, "text/xml", _described(name, stacks[name]).encode())

    with answering(answer) as address:
        yield address


_DELETED = f'<DeleteStackResponse xmlns="{NAMESPACE}"></DeleteStackResponse>'


def _described(name: str, outputs: Mapping[str, str]) -> str:
    members = "".join(
        f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
        for key, value in outputs.items()
    )
    return (
        f'<DescribeStacksResponse xmlns="{NAMESPACE}"><DescribeStacksResult><Stacks><member>'
        f"<StackName>{name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>"
        f"<StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>{members}</Outputs>"
        "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )


def _resource(logical_id: str, table: str | None) -> Posted:
    if table is None:
        return _missing(f"Resource {logical_id} does not exist")
    detail = (
        f'<DescribeStackResourceResponse xmlns="{NAMESPACE}"><DescribeStackResourceResult>'
        f"<StackResourceDetail><LogicalResourceId>{logical_id}</LogicalResourceId>"
        f"<PhysicalResourceId>{table}</PhysicalResourceId></StackResourceDetail>"
        "</DescribeStackResourceResult></DescribeStackResourceResponse>"
    )
    return Posted(200, "text/xml", detail.encode())


def _missing(message: str) -> Posted:
    error = (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>ValidationError</Code>'
        f"<Message>{message}</Message></Error></ErrorResponse>"
    )
    return Posted(400, "text/xml", error.encode())
