"""Copies another server's directory page by page into an NDJSON file; an interrupted copy continues."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import click

from scim_cli.output import note
from scim_cli.progress import ShowProgress
from scim_cli.transfer.copy_file import CopyFile, json_line, lines_in, missing_members, open_copy
from scim_cli.transfer.shared_ids import TypedIds
from scim_cli.transfer.source import Source, SourceRefused, SourceType

SUFFIX: Final = ".scim-copy"
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


class _Page(NamedTuple):
    """A page of the other server's list."""

    resources: list[dict[str, Any]]
    total: int
    cursor: str

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> Self:
        """Return the page in a ListResponse."""
        resources = page.get("Resources") or []
        return cls(
            [resource for resource in resources if isinstance(resource, dict)],
            int(page.get("totalResults") or 0),
            str(page.get("nextCursor") or ""),
        )

    def after(self, point: Point, length: int) -> Point:
        """Return the progress of a copy whose file has this length with the page."""
        return replace(
            point, start=point.start + len(self.resources), cursor=self.cursor, length=length
        )

    def is_last(self, next_start: int, *, has_new: bool) -> bool:
        """Tell whether a list by startIndex ends with this page."""
        # Some servers report no total, or the length of the page (wso2/product-is#7320).
        has_total = self.total not in (0, len(self.resources))
        return not self.resources or (next_start > self.total and (has_total or not has_new))


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
        with open_copy(self.file, point.length) as copy_file:
            for type_ in types:
                if type_.name not in point.done:
                    point = self._copy_type(type_, point, copy_file, show, has_cursors=has_cursors)
        if copy_file.has_shared_ids:
            point = self._with_types(types, point)
        with self.file.open("ab") as content:
            for line in missing_members(self.file):
                content.write(json_line(line))
        self._keep(replace(point, is_whole=True))

    def forget(self) -> None:
        """Remove the file with the progress."""
        self.note.unlink(missing_ok=True)

    def _copy_type(
        self,
        type_: SourceType,
        point: Point,
        copy_file: CopyFile,
        show: ShowProgress,
        *,
        has_cursors: bool,
    ) -> Point:
        walks, count, total = 1, 0, 0
        while True:
            position = {"cursor": point.cursor} if has_cursors else {"startIndex": point.start}
            try:
                page = _Page.of(self.source.get(type_.endpoint, count=self.size, **position))
            except SourceRefused as refusal:
                if not has_cursors and 0 < total < point.start:
                    break
                if refusal.scim_type not in _OUT_OF_DATE or not point.cursor or walks == _WALKS:
                    raise
                # What was copied before is known by its ids.
                point, walks = replace(point, cursor="", start=1), walks + 1
                continue
            number = copy_file.add(type_.name, page.resources)
            count, total = count + number, page.total
            point = page.after(point, copy_file.length)
            show(count, total)
            if has_cursors and not page.cursor:
                break
            if not has_cursors and page.is_last(point.start, has_new=number > 0):
                if page.resources and number == 0 and count <= len(page.resources):
                    note(
                        f"The other server listed the same {type_.name}s again for another startIndex."
                        f" If it has more than {len(page.resources)}, they are not copied."
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
                renamed_file.write(json_line(ids.renamed(line)))
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

    def _keep(self, point: Point) -> None:
        self.note.write_text(json.dumps(asdict(point)), "utf-8")


def _tupled(document: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in document.items()
    }
