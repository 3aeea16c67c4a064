"""Generated directories and queries, and what a plain reading of their JSON says the answer is."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from tests.fakes.endpoint import ENTERPRISE_URN, Body, FakeDeployment

FIRST = [
    "anna",
    "Anna",
    "bert",
    "carl",
    "dora",
    "Émile",
    "straße",
    "STRASSE",
    "zoë",
    "a",
    "ab",
    "B",
]
LAST = ["Meier", "meier", "O'Neil", "van  Dyk", "Ng", "Łuk", "😀", "m", "Mei", "long" * 90]
TITLES = ["Dr.", "dr.", "Prof.", "", "Engineer I", "engineer ii"]
TIMES = [
    f"2026-03-0{day}T{hour:02d}:{minute}:00.000Z"
    for day in (1, 2)
    for hour in (8, 9)
    for minute in (10, 40)
]
KINDS = {
    "id": "exact",
    "userName": "text",
    "externalId": "exact",
    "displayName": "text",
    "title": "text",
    "active": "boolean",
    "name.familyName": "text",
    "emails.value": "text",
    "emails.type": "text",
    f"{ENTERPRISE_URN}:employeeNumber": "text",
    f"{ENTERPRISE_URN}:department": "text",
    "meta.lastModified": "time",
    "groups.value": "link",
}
SORTED = [
    "userName",
    "displayName",
    "externalId",
    "title",
    "name.familyName",
    "emails",
    "active",
    "meta.lastModified",
    f"{ENTERPRISE_URN}:employeeNumber",
    "id",
]
TEXT = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"]
OPERATORS = {
    "text": TEXT,
    "exact": TEXT,
    "boolean": ["eq", "ne", "pr"],
    "time": ["eq", "gt", "ge", "lt", "le"],
    "link": ["eq", "ne", "pr"],
}

Test = Callable[[Body], bool]


def populate(deployment: FakeDeployment, random: Random, number: int) -> None:
    """Create users and groups with values that collide, fold, are missing or are long."""
    users = [_user(deployment, random, n) for n in range(number)]
    for n in range(4):
        deployment.clock.time = random.choice(TIMES)
        members = random.sample(users, random.randrange(0, len(users)))
        deployment.group(f"Group {n}", *members)
    for id_ in random.sample(users, len(users) // 8):
        deployment.delete("User", id_)


def _user(deployment: FakeDeployment, random: Random, n: int) -> str:
    deployment.clock.time = random.choice(TIMES)
    first, last = random.choice(FIRST), random.choice(LAST)
    extension = _some(
        random, employeeNumber=str(random.randrange(20)), department=random.choice(TITLES[:2])
    )
    emails = [
        {"value": f"{random.choice(FIRST)}{random.randrange(9)}@example.org", "type": kind}
        for kind in random.sample(["work", "home", "other"], random.randrange(3))
    ]
    if emails and random.random() < 0.5:
        random.choice(emails)["primary"] = True  # type: ignore[assignment]
    return deployment.user(
        f"{first}{n}@{random.choice(['x', 'Y'])}.org",
        **_some(
            random,
            externalId=random.choice(["x1", "X1", "x2", str(n)]),
            displayName=f"{first} {last}",
            title=random.choice(TITLES),
            active=random.random() < 0.5,
            name={"familyName": last},
            emails=emails,
        ),
        **({ENTERPRISE_URN: extension} if extension else {}),
    )


def _some(random: Random, **parts: Any) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if random.random() < 0.75}


@dataclass(frozen=True)
class Asked:
    """A filter as text, and the same as a test of a resource's JSON."""

    text: str
    matches: Test


def some_filter(random: Random, everyone: list[Body], groups: list[str], depth: int = 2) -> Asked:
    """Return a filter about values that occur, or nearly."""
    turn = random.random()
    if depth and turn < 0.45:
        terms = [
            some_filter(random, everyone, groups, depth - 1)
            for _ in range(random.choice([2, 2, 3]))
        ]
        word, joined = random.choice([("and", all), ("or", any)])
        text = f" {word} ".join(f"({term.text})" for term in terms)
        return Asked(text, lambda each: joined(term.matches(each) for term in terms))
    if depth and turn < 0.55:
        term = some_filter(random, everyone, groups, depth - 1)
        return Asked(f"not ({term.text})", lambda each: not term.matches(each))
    if turn < 0.62:
        return _value_path(random, everyone)
    return _leaf(random, random.choice(list(KINDS)), everyone, groups)


def _value_path(random: Random, everyone: list[Body]) -> Asked:
    type_ = random.choice(["work", "HOME"])
    leaf = _leaf(random, "emails.value", everyone, [])
    inner = leaf.text.replace("emails.value", "value")
    text = f'emails[type eq "{type_}" and {inner}]'
    return Asked(
        text,
        lambda each: any(
            leaf.matches({"emails": [email]})
            for email in each.get("emails", ())
            if email.get("type", "").lower() == type_.lower()
        ),
    )


def _leaf(random: Random, name: str, everyone: list[Body], groups: list[str]) -> Asked:
    kind = KINDS[name]
    operator = random.choice(OPERATORS[kind])
    if operator == "pr":
        return Asked(
            f"{name} pr", lambda each: any(v not in ("", None) for v in values_of(each, name))
        )
    literal = _literal(random, name, kind, operator, everyone, groups)
    wanted = _native(kind, literal) if operator not in ("co", "sw", "ew") else _part(kind, literal)
    holds = HOLDS["eq" if operator == "ne" else operator]

    def matches(each: Body) -> bool:
        told = [holds(_native(kind, value), wanted) for value in values_of(each, name)]
        if operator != "ne":
            return any(told)
        # Any value that differs decides, links included.
        return not told or not all(told)

    return Asked(f"{name} {operator} {json.dumps(literal)}", matches)


def _literal(
    random: Random, name: str, kind: str, operator: str, everyone: list[Body], groups: list[str]
) -> Any:
    if kind == "link":
        return random.choice(groups)
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "time":
        return random.choice(TIMES)
    there = [value for each in everyone for value in values_of(each, name)]
    value = random.choice(there) if there and random.random() < 0.85 else random.choice(FIRST)
    if operator in ("co", "sw", "ew") and value:
        start = 0 if operator == "sw" else random.randrange(len(value))
        end = len(value) if operator == "ew" else random.randrange(start, len(value)) + 1
        return value[start:end]
    return value.swapcase() if kind == "text" and random.random() < 0.3 else value


HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "co": lambda left, right: right in left,
    "sw": lambda left, right: left.startswith(right),
    "ew": lambda left, right: left.endswith(right),
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}


def values_of(each: Body, name: str) -> list[Any]:
    """Return what a resource's JSON holds under a name."""
    if name.startswith(ENTERPRISE_URN + ":"):
        each, name = each.get(ENTERPRISE_URN, {}), name.removeprefix(ENTERPRISE_URN + ":")
    found: list[Any] = [each]
    for part in name.split("."):
        below = [value.get(part) for value in found]
        found = [
            v
            for value in below
            for v in (value if isinstance(value, list) else [value])
            if v is not None
        ]
    return found


def sort_key(each: Body, name: str) -> tuple[bool, Any, str]:
    """Return what a resource is sorted by: nothing comes last, equals by id."""
    if name == "emails":
        emails = each.get("emails", [])
        chosen = next(
            (email for email in emails if email.get("primary")), emails[0] if emails else {}
        )
        found = [chosen["value"]] if "value" in chosen else []
    else:
        found = values_of(each, name)
    kind = KINDS.get(name, "text")
    if not found:
        return True, "", each["id"]
    value = _native(kind, found[0])
    return False, str(value).lower() if kind == "boolean" else value, each["id"]


def _native(kind: str, value: Any) -> Any:
    match kind:
        case "text":
            return _part(kind, value).strip()
        case "time":
            return datetime.fromisoformat(value)
        case _:
            return value


def _part(kind: str, value: str) -> str:
    return value.casefold() if kind == "text" else value
