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
class SimulatedRequest:
    """One request; `saves` is the name under which the id in the response is kept. A fault is to be refused."""

    name: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    saves: str = ""
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A provider's headers, and its requests by part."""

    headers: Mapping[str, str]
    parts: Mapping[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, provider: str) -> "Conversation":
        document = json.loads((_FILES / f"{provider}.json").read_text("utf-8"))
        return cls(document["headers"], document["parts"])

    def requests(
        self, people: int, memory: dict[str, str], *, faults: bool
    ) -> Iterator[SimulatedRequest]:
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

    def _part(self, part: str, memory: Mapping[str, str]) -> Iterator[SimulatedRequest]:
        for template in self.parts[part]:
            if not _is_complete(template, memory):
                continue
            body = template.get("body")
            yield SimulatedRequest(
                name=_filled(template["name"], memory),
                method=template["method"],
                path=_filled(
                    template["path"], {name: quote(text) for name, text in memory.items()}
                ),
                headers=self.headers,
                body=None if body is None else json.dumps(_in(body, memory)).encode(),
                saves=template.get("save", ""),
                is_fault=part == "faults",
            )


def _person(index: int, run: str) -> dict[str, str]:
    given_name, family_name = PEOPLE[index % len(PEOPLE)]
    suffix = index // len(PEOPLE) or ""
    local_part = f"{given_name}.{family_name}".lower().translate(str.maketrans("éè", "ee"))
    return {
        "given": given_name,
        "family": family_name,
        "display": f"{given_name} {family_name}",
        "user": f"{local_part}{suffix}.{run}@example.com",
        "external": f"00u{run}{index}",
    }


def _in(value: Any, memory: Mapping[str, str]) -> Any:
    """Return JSON with its texts filled in; a value that is filled in stays text, whatever it contains."""
    match value:
        case str():
            return _filled(value, memory)
        case dict():
            return {_filled(name, memory): _in(child, memory) for name, child in value.items()}
        case list():
            return [_in(child, memory) for child in value]
        case _:
            return value


def _is_complete(request: Mapping[str, Any], memory: Mapping[str, str]) -> bool:
    """Tell whether everything that a request names is known: the resources that it is about exist."""
    return set(_PLACE.findall(json.dumps(request))) <= {"uuid", *memory}


def _filled(text: str, memory: Mapping[str, str]) -> str:
    return _PLACE.sub(
        lambda match: str(uuid.uuid4()) if match[1] == "uuid" else memory[match[1]], text
    )
