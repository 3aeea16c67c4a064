"""Copies another server's directory page by page into an NDJSON file; an interrupted copy continues."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from scim_cli.output import note
from scim_cli.progress import Shown
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

    def complete(self, names: Sequence[str], show: Shown) -> None:
        """Copy everything that is not copied yet.

        Ends the command if the file existed before, for an unknown type, and if the other server
        refuses a request.
        """
        point = self._point(names)
        if point.is_whole:
            return
        types = self._types(point.types)
        has_cursors = self.source.has_cursors()
        with self._opened(point) as written:
            seen = {hash(line["id"]) for line in lines_in(self.file)}
            for each in types:
                if each.name not in point.done:
                    point = self._copied(each, point, written, seen, show, has_cursors=has_cursors)
            for line in missing_members(self.file):
                written.write(_json_line(line))
        self._keep(replace(point, is_whole=True))

    def forget(self) -> None:
        """Remove the file with the progress."""
        self.note.unlink(missing_ok=True)

    def _copied(
        self,
        type_: SourceType,
        point: Point,
        written: BinaryIO,
        seen: set[int],
        show: Shown,
        *,
        has_cursors: bool,
    ) -> Point:
        begun = 1
        count = 0
        total = 0
        while True:
            where = {"cursor": point.cursor} if has_cursors else {"startIndex": point.start}
            try:
                page = self.source.get(type_.endpoint, count=self.size, **where)
            except SourceRefused as refused:
                if refused.scim_type not in _OUT_OF_DATE or not point.cursor or begun == _WALKS:
                    raise
                # What was copied before is known by its ids.
                point, begun = replace(point, cursor="", start=1), begun + 1
                continue
            resources = [each for each in page.get("Resources") or [] if isinstance(each, dict)]
            for line in _new_lines(type_, resources, seen):
                written.write(line)
                count += 1
            written.flush()
            total = int(page.get("totalResults") or 0)
            cursor = str(page.get("nextCursor") or "")
            point = replace(
                point, start=point.start + len(resources), cursor=cursor, length=written.tell()
            )
            show(count, total)
            is_over = not cursor if has_cursors else point.start > total or not resources
            if is_over:
                break
            self._keep(point)
        if point.start - 1 < total:
            note(f"The other server reports {total} {type_.name}s and lists {point.start - 1}.")
        point = replace(point, done=(*point.done, type_.name), start=1, cursor="")
        self._keep(point)
        return point

    def _types(self, names: Sequence[str]) -> list[SourceType]:
        known = {each.name.lower(): each for each in self.source.types()}
        if unknown := [name for name in names if name.lower() not in known]:
            raise click.UsageError(f"The other server has no resource type {unknown[0]}.")
        return [known[name.lower()] for name in names]

    def _point(self, names: Sequence[str]) -> Point:
        wanted = Point(self.source.base, tuple(names))
        try:
            known = Point(**_tupled(json.loads(self.note.read_text("utf-8"))))
        except (OSError, ValueError, TypeError):
            known = None
        if known is not None and (known.base, known.types) == (wanted.base, wanted.types):
            note(f"Continuing with the copy of {known.base}.")
            return known
        if self.file.exists():
            raise click.ClickException(
                f"{self.file} exists already; import it without --from-scim, or give another file."
            )
        # What is in it is about people: nobody else's business.
        self.file.touch(mode=0o600)
        self._keep(wanted)
        return wanted

    def _opened(self, point: Point) -> BinaryIO:
        written = self.file.open("r+b")
        written.truncate(point.length)
        written.seek(point.length)
        return written

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
    missing: dict[str, set[str]] = defaultdict(set)
    for line in lines_in(file):
        for each in _values(line, "groups"):
            if str(each.get("type", "")).lower() != "indirect" and each.get("value"):
                missing[str(each["value"])].add(str(line["id"]))
    groups = set()
    for line in lines_in(file):
        if line["meta"]["resourceType"] == "Group":
            groups.add(line["id"])
            missing[line["id"]] -= {str(each.get("value")) for each in _values(line, "members")}
    for group in sorted(groups & missing.keys()):
        users = sorted(missing[group])
        for begin in range(0, len(users), _MEMBERS):
            members = [{"value": id_, "type": "User"} for id_ in users[begin : begin + _MEMBERS]]
            yield {"id": group, "meta": {"resourceType": "Group"}, "members": members}


def _values(resource: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    values = resource.get(name)
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []


def _line(type_: SourceType, resource: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: each for name, each in resource.items() if name.lower() != "password"}
    return {**kept, "id": str(resource["id"]), "meta": {"resourceType": type_.name}}


def _new_lines(
    type_: SourceType, resources: Sequence[dict[str, Any]], seen: set[int]
) -> Iterator[bytes]:
    """Yield the lines of resources whose ids were not seen yet."""
    for each in resources:
        id_ = str(each.get("id", ""))
        if id_ and hash(id_) not in seen:
            seen.add(hash(id_))
            yield _json_line(_line(type_, each))


def _json_line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _tupled(held: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in held.items()}
