"""What an answer claims to be true, checked against what was stored while the request was served."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.simulation.model.dynamodb import Commit
from tests.simulation.operations import PASSING, Asked, Done, Effect
from tests.simulation.timeline import Place, Timeline


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: of a request, or of an operation of a Bulk request."""

    status: int
    body: Mapping[str, Any]
    etag: str = ""
    location: str = ""

    @property
    def id(self) -> str:
        """The id of the resource that was made."""
        return str(self.body.get("id", self.location.rpartition("/")[2]))


def wrong_in(
    line: Timeline, done: Done, asked: Asked, answer: Answer, *, may_lag: bool
) -> Iterator[str]:
    """Yield what cannot be true of an answer."""
    began = 0 if asked.method == "GET" and may_lag else done.began
    known = _Known(line, done, began)
    judge = _JUDGES.get(answer.status)
    if answer.status in {200, 204} and asked.method == "GET":
        yield from known.seen(asked, answer)
    elif judge is not None:
        yield from judge(known, asked, answer)
    elif answer.status not in PASSING:
        yield f"nobody should be answered {answer.status}: {answer.body.get('detail')}"


def version_in(etag: str) -> int:
    """Return the number in an entity tag."""
    digits = etag.partition('"')[2].partition("-")[0].rstrip('"')
    return int(digits) if digits.isdigit() else -1


@dataclass(frozen=True, slots=True)
class _Known:
    line: Timeline
    done: Done
    began: int

    def somewhen(self, holds: Callable[[int], bool]) -> bool:
        return self.line.somewhen(self.began, self.done.ended, holds)

    def has_written(self, place: Place | None) -> bool:
        """Tell whether this request has changed the resource."""
        is_alone = self.done.words[0] != "bulk"
        return (
            is_alone
            and place is not None
            and any(
                commit.by is self.done
                and commit.key[1] == place[1]
                and _is_head(commit)
                # What somebody else began, anybody completes.
                and "j" not in (commit.before or {})
                for commit in self.line.commits
            )
        )

    def made(self, asked: Asked, answer: Answer) -> Iterator[str]:
        type_name = asked.path[1:-1]
        place = type_name, answer.id
        if not self.somewhen(lambda at: self.line.is_live(place, at)):
            yield "201, and it was never there"
        version = version_in(answer.etag) if answer.etag else None
        if version and not self.somewhen(lambda at: self.line.head(place, at).version == version):
            yield f"201 at version {version}, and it was never so"
        assert asked.taken is not None
        name = asked.taken[1]
        ours = self.line.heads.get(place, [(0, None)])[0][0]
        before = self.line.holders(*asked.taken, ours - 1) - {place[1]}
        if before:
            yield f"201, and {name} was somebody else's: {sorted(before)}"

    def changed(self, asked: Asked, answer: Answer) -> Iterator[str]:
        version = version_in(answer.etag) if answer.etag else None
        place = asked.place

        # What is made in parts is answered as it is after the last, with what others did meanwhile.
        is_apart = asked.is_of_edges or self._is_made_in_parts()

        def holds(effect: Effect, at: int) -> bool:
            return effect(self.line, at) and (is_apart or self._is_at(asked, version, at))

        is_there = self.somewhen(lambda at: self._is_at(asked, version, at))
        if not is_there or not all(self.somewhen(partial(holds, each)) for each in asked.effects):
            yield f"{answer.status} at version {version}, and it was never so"
        if asked.match and place is not None:
            yield from self._matched(place, version_in(asked.match))

    def _is_made_in_parts(self) -> bool:
        return any(
            commit.by is self.done and commit.key[0].endswith("#journal")
            for commit in self.line.commits
        )

    def _is_at(self, asked: Asked, version: int | None, at: int) -> bool:
        if version is None or asked.place is None:
            return True
        there = self.line.head(asked.place, at).version
        # Where only edges change, others may have changed some at the same time: the tag is that
        # after the version read, and older than the resource then.
        return there >= version if asked.is_of_edges else there == version

    def _matched(self, place: Place, said: int) -> Iterator[str]:
        for commit in self.line.commits:
            if commit.by is self.done and commit.key[1] == place[1] and _is_head(commit):
                before = int((commit.before or {"v": {"N": "0"}})["v"]["N"])
                if before != said:
                    yield f"If-Match said {said}, and {before} was changed"

    def missing(self, asked: Asked, _: Answer) -> Iterator[str]:
        place = asked.place
        if place is None or not self.somewhen(lambda at: not self.line.is_live(place, at)):
            yield "404, and it was there all the time"
        if asked.method == "DELETE" and self.has_written(place):
            yield "404, and it was this request that deleted it"

    def overtaken(self, asked: Asked, _: Answer) -> Iterator[str]:
        place, said = asked.place, version_in(asked.match)
        if place is None or not self.somewhen(lambda at: self.line.head(place, at).version != said):
            yield "412, and the version was the right one all the time"
        if self.has_written(place):
            yield "412, and it was changed all the same"

    def refused(self, asked: Asked, answer: Answer) -> Iterator[str]:
        reason = asked.refused
        if reason is None or not self.somewhen(lambda at: reason(self.line, at)):
            yield f"400 without a reason: {answer.body.get('detail')}"

    def taken(self, asked: Asked, _: Answer) -> Iterator[str]:
        taken, place = asked.taken, asked.place
        if taken is None:
            yield "409 where there is nothing to conflict with"
            return
        own = place[1] if place else ""

        def holds(at: int) -> bool:
            others = self.line.holders(*taken, at) - {own}
            # Of a Bulk request an operation may take what another one wants.
            is_bulk = self.done.words[0] == "bulk"
            return any(is_bulk or not self._is_ours(taken[0], other) for other in others)

        if not self.somewhen(holds):
            yield f"409, and nobody else had {taken[1]}"

    def _is_ours(self, type_name: str, id_: str) -> bool:
        first = self.line.heads[type_name, id_][0][0]
        return any(
            commit.by is self.done
            for commit in self.line.commits
            if commit.tick == first and commit.key[1] == id_
        )

    def seen(self, asked: Asked, answer: Answer) -> Iterator[str]:
        body = answer.body
        some = body.get("Resources", [body])
        for each in some:
            place = str(each["meta"]["resourceType"]), str(each["id"])
            if not self.somewhen(lambda at, each=each, place=place: self._is_seen(each, place, at)):
                yield f"read {each['meta'].get('version')} of {place}, which never was: {each}"
        if "?filter=" in asked.path and not some:
            name = asked.slot
            type_name, prefix = ("User", "user-") if name.startswith("p") else ("Group", "name-")
            if not self.somewhen(lambda at: not self.line.holders(type_name, prefix + name, at)):
                yield f"{prefix}{name} was not found, and was there all the time"

    def _is_seen(self, shown: Mapping[str, Any], place: Place, at: int) -> bool:
        head = self.line.head(place, at)
        if not head.is_live or head.version != version_in(str(shown["meta"]["version"])):
            return False
        names = ("userName", "title", "nickName", "displayName", "externalId")
        if any(head.body.get(name) != shown.get(name) for name in names):
            return False
        if place[0] == "User":
            return True
        inside = {str(each["value"]) for each in shown.get("members", ())}
        return inside == self.line.members(place[1], at)


_JUDGES: Mapping[int, Callable[[_Known, Asked, Answer], Iterator[str]]] = {
    200: _Known.changed,
    201: _Known.made,
    204: _Known.changed,
    400: _Known.refused,
    404: _Known.missing,
    409: _Known.taken,
    412: _Known.overtaken,
}


def _is_head(commit: Commit) -> bool:
    return (commit.after or {}).get("k") == {"S": "resource"}
