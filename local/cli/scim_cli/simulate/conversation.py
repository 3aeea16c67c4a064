"""The requests of a provider, from its recorded conversation, for made-up people.

A file of `conversations/` has the provider's headers and its requests in parts: `start`, `person`
and `member` (for each of them), `group`, `faults` and `leave` (the last person goes). `{{name}}` is filled in:
`user`, `given`, `family`, `display`, `external` of the person, `run` of the run, `uuid` a new one
each time, and what an answer's `save` has kept. A request that names something unknown is left out.
"""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

PROVIDERS = ("okta", "entra")
PEOPLE = (
    ("Ana", "Bell"),
    ("Bruno", "Costa"),
    ("Chiara", "Dietz"),
    ("Deniz", "Eren"),
    ("Élodie", "Faure"),
    ("Farid", "Ghani"),
    ("Grace", "Hollis"),
    ("Hugo", "Ibsen"),
    ("Inès", "Jourdan"),
    ("Jonas", "Keller"),
)
_FILES = Path(__file__).parent / "conversations"
_PLACE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Said:
    """One request; `saves` is the name under which the id in the response is kept."""

    name: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    saves: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A provider's headers, and its requests by part."""

    headers: Mapping[str, str]
    parts: Mapping[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, provider: str) -> "Conversation":
        document = json.loads((_FILES / f"{provider}.json").read_text("utf-8"))
        return cls(document["headers"], document["parts"])

    def requests(self, people: int, memory: dict[str, str], *, faults: bool) -> Iterator[Said]:
        """Yield the requests of a whole run; the caller puts the ids of responses into `memory`."""
        yield from self._part("start", memory)
        for index in range(people):
            memory |= _person(index, memory["run"])
            yield from self._part("person", memory)
            if index == 0:
                yield from self._part("group", memory)
            yield from self._part("member", memory)
        if faults:
            yield from self._part("faults", memory)
        yield from self._part("leave", memory)

    def _part(self, part: str, memory: Mapping[str, str]) -> Iterator[Said]:
        for each in self.parts[part]:
            if not _is_complete(each, memory):
                continue
            body = each.get("body")
            yield Said(
                name=_filled(each["name"], memory),
                method=each["method"],
                path=_filled(each["path"], {name: quote(text) for name, text in memory.items()}),
                headers=self.headers,
                body=None if body is None else json.dumps(_in(body, memory)).encode(),
                saves=each.get("save", ""),
            )


def _person(index: int, run: str) -> dict[str, str]:
    given, family = PEOPLE[index % len(PEOPLE)]
    again = index // len(PEOPLE) or ""
    plain = f"{given}.{family}".lower().translate(str.maketrans("éè", "ee"))
    return {
        "given": given,
        "family": family,
        "display": f"{given} {family}",
        "user": f"{plain}{again}.{run}@example.com",
        "external": f"00u{run}{index}",
    }


def _in(value: Any, memory: Mapping[str, str]) -> Any:
    """Return JSON with its texts filled in; a value that is filled in stays text, whatever it contains."""
    match value:
        case str():
            return _filled(value, memory)
        case dict():
            return {_filled(name, memory): _in(each, memory) for name, each in value.items()}
        case list():
            return [_in(each, memory) for each in value]
        case _:
            return value


def _is_complete(request: Mapping[str, Any], memory: Mapping[str, str]) -> bool:
    """Tell whether everything that a request names is known: the resources that it is about exist."""
    return set(_PLACE.findall(json.dumps(request))) <= {"uuid", *memory}


def _filled(text: str, memory: Mapping[str, str]) -> str:
    return _PLACE.sub(
        lambda found: str(uuid.uuid4()) if found[1] == "uuid" else memory[found[1]], text
    )
