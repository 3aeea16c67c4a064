"""The file with a copy of another server's directory: a resource a line, each once."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

_MEMBERS: Final = 500
"""The most members that one line adds: an import adds them in one request."""


class CopyFile:
    """Adds resources to an open file, except those that are in it."""

    def __init__(self, file: BinaryIO, lines: Iterable[Mapping[str, Any]]) -> None:
        self._file = file
        self._types_by_id: dict[int, str] = {}
        for line in lines:
            self._note_type(line["id"], line["meta"]["resourceType"])

    @property
    def length(self) -> int:
        """Return the bytes up to the end of what was added."""
        return self._file.tell()

    @property
    def has_shared_ids(self) -> bool:
        """Tell whether resources of several types have the same id."""
        return any(" " in type_names for type_names in self._types_by_id.values())

    def add(self, type_name: str, resources: Iterable[Mapping[str, Any]]) -> int:
        """Add those resources of a type that the file does not have yet; return their number."""
        new_lines = [
            json_line(_line(type_name, resource))
            for resource in resources
            if (id_ := str(resource.get("id", ""))) and self._note_type(id_, type_name)
        ]
        self._file.writelines(new_lines)
        self._file.flush()
        return len(new_lines)

    def _note_type(self, id_: str, type_name: str) -> bool:
        """Add a type to those of an id, separated by spaces. Return whether the id did not have it yet."""
        # The hash of an id takes less memory than the id.
        type_names = self._types_by_id.get(hash(id_), "").split()
        if type_name in type_names:
            return False
        self._types_by_id[hash(id_)] = " ".join([*type_names, type_name])
        return True


@contextmanager
def open_copy(file: Path, length: int) -> Iterator[CopyFile]:
    """Open a file to continue after its first bytes; what is behind them is removed."""
    with file.open("r+b") as content:
        # It is shorter if the copy ended before the file with types took its place.
        content.truncate(min(length, file.stat().st_size))
        content.seek(0, 2)
        yield CopyFile(content, lines_in(file))


def lines_in(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the resources of a file."""
    with file.open("rb") as content:
        for line in content:
            yield json.loads(line)


def json_line(value: Mapping[str, Any]) -> bytes:
    """Return a line of the file."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def missing_members(file: Path) -> Iterator[dict[str, Any]]:
    """Yield lines that add the memberships found only in the users' `groups`.

    Some servers list groups without their members. Memberships through another group (`indirect`)
    are left out.
    """
    users_by_group: dict[str, set[str]] = defaultdict(set)
    for line in lines_in(file):
        if line["meta"]["resourceType"] != "User":
            continue
        for reference in _values(line, "groups"):
            if str(reference.get("type", "")).lower() != "indirect" and reference.get("value"):
                users_by_group[str(reference["value"])].add(str(line["id"]))
    groups = set()
    for line in lines_in(file):
        if line["meta"]["resourceType"] == "Group":
            groups.add(line["id"])
            users_by_group[line["id"]] -= {
                str(reference.get("value")) for reference in _values(line, "members")
            }
    for group in sorted(groups & users_by_group.keys()):
        users = sorted(users_by_group[group])
        for begin in range(0, len(users), _MEMBERS):
            members = [{"value": id_, "type": "User"} for id_ in users[begin : begin + _MEMBERS]]
            yield {"id": group, "meta": {"resourceType": "Group"}, "members": members}


def _values(resource: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    values = resource.get(name)
    return (
        [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    )


def _line(type_name: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {name: value for name, value in resource.items() if name.lower() != "password"}
    return {**attributes, "id": str(resource["id"]), "meta": {"resourceType": type_name}}
