"""Copies another server's directory page by page into an NDJSON file; an interrupted copy continues."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from scim_cli.output import note
from scim_cli.progress import ShowProgress
from scim_cli.transfer.shared_ids import TypedIds
from scim_cli.transfer.source import Source, SourceRefused, SourceType

SUFFIX: Final = ".scim-copy"
_MEMBERS: Final = 500
"""The most members that one line adds: an import adds them in one request."""
_WALKS: Final = 5
"""How many times a list is read from its start because its cursors expired."""
_OUT_OF_DATE: Final = frozenset({"invalidCursor", "expiredCursor"})


@dataclass(frozen=True, slots=True)
class Point:
    """The progress of a copy: the types that are done, the next page of one, and the file's length."""

    base: str
    types: tuple[str, ...]
    done: tuple[str, ...] = ()
    start: int = 1
    cursor: str = ""
    length: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class DirectoryCopy:
    """Copies resources of some types, the `size` of a page at once, into a file."""

    source: Source
    file: Path
    size: int

    @property
    def note(self) -> Path:
        """Return the file that holds the progress until the copy is imported."""
        return self.file.with_name(self.file.name + SUFFIX)

    def complete(self, names: Sequence[str], show: ShowProgress) -> None:
        """Copy everything that is not copied yet.

        Ends the command if the file existed before, for an unknown type, and if the other server
        refuses a request.
        """
        point = self._point(names)
        if point.is_whole:
            return
        types = self._types(point.types)
        has_cursors = self.source.has_cursors()
        with self._open_copy(point) as copy_file:
            types_by_id: dict[int, str] = {}
            for line in lines_in(self.file):
                _note_type(types_by_id, line["id"], line["meta"]["resourceType"])
            for type_ in types:
                if type_.name not in point.done:
                    point = self._copy_type(
                        type_, point, copy_file, types_by_id, show, has_cursors=has_cursors
                    )
        if any(" " in type_names for type_names in types_by_id.values()):
            point = self._with_types(types, point)
        with self.file.open("ab") as copy_file:
            for line in missing_members(self.file):
                copy_file.write(_json_line(line))
        self._keep(replace(point, is_whole=True))

    def forget(self) -> None:
        """Remove the file with the progress."""
        self.note.unlink(missing_ok=True)

    def _copy_type(
        self,
        type_: SourceType,
        point: Point,
        copy_file: BinaryIO,
        types_by_id: dict[int, str],
        show: ShowProgress,
        *,
        has_cursors: bool,
    ) -> Point:
        walks = 1
        count = 0
        total = 0
        while True:
            position = {"cursor": point.cursor} if has_cursors else {"startIndex": point.start}
            try:
                page = self.source.get(type_.endpoint, count=self.size, **position)
            except SourceRefused as refusal:
                if total and point.start > total and not has_cursors:
                    break
                if refusal.scim_type not in _OUT_OF_DATE or not point.cursor or walks == _WALKS:
                    raise
                # What was copied before is known by its ids.
                point, walks = replace(point, cursor="", start=1), walks + 1
                continue
            resources = [
                resource for resource in page.get("Resources") or [] if isinstance(resource, dict)
            ]
            new_lines = list(_new_lines(type_, resources, types_by_id))
            copy_file.writelines(new_lines)
            copy_file.flush()
            count += len(new_lines)
            total = int(page.get("totalResults") or 0)
            cursor = str(page.get("nextCursor") or "")
            point = replace(
                point, start=point.start + len(resources), cursor=cursor, length=copy_file.tell()
            )
            show(count, total)
            # Some servers report no total, or the length of the page (wso2/product-is#7320).
            has_total = total not in (0, len(resources))
            is_last = not resources or (point.start > total and (has_total or not new_lines))
            if not cursor if has_cursors else is_last:
                if resources and not has_cursors and not new_lines and count <= len(resources):
                    note(
                        f"The other server listed the same {type_.name}s again for another startIndex."
                        f" If it has more than {len(resources)}, they are not copied."
                    )
                break
            self._keep(point)
        if point.start - 1 < total:
            note(f"The other server reports {total} {type_.name}s and lists {point.start - 1}.")
        point = replace(point, done=(*point.done, type_.name), start=1, cursor="")
        self._keep(point)
        return point

    def _with_types(self, types: Sequence[SourceType], point: Point) -> Point:
        """Put types before the ids in the file, since two types have the same ones."""
        endpoints = {type_.endpoint: type_.name for type_ in types}
        ids = TypedIds(endpoints, lines_in(self.file))
        renamed = self.file.with_name(self.file.name + ".renamed")
        renamed.touch(mode=0o600)
        with renamed.open("wb") as renamed_file:
            for line in lines_in(self.file):
                renamed_file.write(_json_line(ids.renamed(line)))
        if ids.left_out:
            note(
                f"{ids.left_out} members are left out: the other server has their ids for several types,"
                " and does not say which is meant."
            )
        point = replace(point, length=renamed.stat().st_size)
        self._keep(point)
        renamed.replace(self.file)
        return point

    def _types(self, names: Sequence[str]) -> list[SourceType]:
        types = {type_.name.lower(): type_ for type_ in self.source.types()}
        if unknown := [name for name in names if name.lower() not in types]:
            raise click.UsageError(f"The other server has no resource type {unknown[0]}.")
        return [types[name.lower()] for name in names]

    def _point(self, names: Sequence[str]) -> Point:
        new_point = Point(self.source.base, tuple(names))
        try:
            stored_point = Point(**_tupled(json.loads(self.note.read_text("utf-8"))))
        except (OSError, ValueError, TypeError):
            stored_point = None
        if stored_point is not None and (stored_point.base, stored_point.types) == (
            new_point.base,
            new_point.types,
        ):
            note(f"Continuing with the copy of {stored_point.base}.")
            return stored_point
        if self.file.exists():
            raise click.ClickException(
                f"{self.file} exists already; import it without --from-scim, or give another file."
            )
        # What is in it is about people: nobody else's business.
        self.file.touch(mode=0o600)
        self._keep(new_point)
        return new_point

    def _open_copy(self, point: Point) -> BinaryIO:
        copy_file = self.file.open("r+b")
        # It is shorter if the copy ended before the file with types took its place.
        length = min(point.length, self.file.stat().st_size)
        copy_file.truncate(length)
        copy_file.seek(length)
        return copy_file

    def _keep(self, point: Point) -> None:
        self.note.write_text(json.dumps(asdict(point)), "utf-8")


def lines_in(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the resources of a file."""
    with file.open("rb") as content:
        for line in content:
            yield json.loads(line)


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


def _line(type_: SourceType, resource: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {name: value for name, value in resource.items() if name.lower() != "password"}
    return {**attributes, "id": str(resource["id"]), "meta": {"resourceType": type_.name}}


def _new_lines(
    type_: SourceType, resources: Sequence[dict[str, Any]], types_by_id: dict[int, str]
) -> Iterator[bytes]:
    """Yield the lines of resources that were not seen yet; `types_by_id` has the types by the hash of an id."""
    for resource in resources:
        id_ = str(resource.get("id", ""))
        if id_ and _note_type(types_by_id, id_, type_.name):
            yield _json_line(_line(type_, resource))


def _note_type(types_by_id: dict[int, str], id_: str, type_name: str) -> bool:
    """Add a type to those of an id, separated by spaces. Return whether the id did not have it yet."""
    type_names = types_by_id.get(hash(id_), "").split()
    if type_name in type_names:
        return False
    types_by_id[hash(id_)] = type_name if not type_names else " ".join([*type_names, type_name])
    return True


def _json_line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _tupled(document: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in document.items()
    }
